// Words of cases: kinds, states, verbs, fields. What this console has no words for is shown as the server spells it.
import { useTranslation } from "react-i18next";

/** Lists that are not of cases alone: their words stand among the common ones. */
export const COMMON_LISTS: Record<string, string> = { UpdateFrequency: "update_frequency", BasisRank: "basis_rank", SharingMethod: "method" };

export function useCaseWords() {
  const { t, i18n } = useTranslation(["cases", "lists"]);
  const word = (...keys: string[]): string | null => {
    const key = keys.find((each) => i18n.exists(each));
    return key ? String(t(key as never)) : null;
  };
  return {
    kind: (kind: string) => word(`cases:kind.${kind}`) ?? kind,
    /** What a case of this kind is for, what follows from opening it, and its article. */
    intro: (kind: string) => word(`cases:intro.${kind}`) ?? "",
    state: (kind: string, state: string) => word(`cases:state.${kind}.${state}`) ?? state,
    /** Who goes on with a case in this state, and with what. */
    next: (kind: string, state: string) => word(`cases:next.${kind}.${state}`) ?? word("cases:next_none") ?? "",
    verb: (kind: string, verb: string) => word(`cases:verb.${kind}.${verb}`) ?? verb,
    field: (kind: string, field: string) => word(`cases:field.${kind}.${field}`, `cases:field.common.${field}`) ?? field,
    /** A field by the path that a refusal names: `documents[0].sha256`. */
    path: (kind: string, path: string): string =>
      path
        .split(".")
        .map((part) => {
          const [, name = part, at] = /^(\w+)\[(\d+)\]$/.exec(part) ?? [];
          const said = word(`cases:field.${kind}.${name}`, `cases:field.common.${name}`) ?? name;
          return at === undefined ? said : `${said} ${Number(at) + 1}`;
        })
        .join(" · "),
    hint: (kind: string, field: string) => word(`cases:hint.${kind}.${field}`),
    choice: (list: string, value: string) => word(`cases:choice.${list}.${value}`, `lists:${COMMON_LISTS[list]}.${value}`) ?? value,
  };
}
