// Words of cases: kinds, states, verbs, fields. What this console has no words for is shown as the server spells it.
import { useTranslation } from "react-i18next";

export function useCaseWords() {
  const { t, i18n } = useTranslation("cases");
  const word = (...keys: string[]): string | null => {
    const key = keys.find((each) => i18n.exists(`cases:${each}`));
    return key ? String(t(key as never)) : null;
  };
  return {
    kind: (kind: string) => word(`kind.${kind}`) ?? kind,
    state: (kind: string, state: string) => word(`state.${kind}.${state}`) ?? state,
    verb: (kind: string, verb: string) => word(`verb.${kind}.${verb}`) ?? verb,
    field: (kind: string, field: string) => word(`field.${kind}.${field}`, `field.common.${field}`) ?? field,
    choice: (list: string, value: string) => word(`choice.${list}.${value}`) ?? value,
  };
}
