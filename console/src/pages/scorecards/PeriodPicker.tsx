import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { day } from "../../i18n/format";
import { Field } from "../../ui/Field";
import { KINDS, partsOf, type PeriodKind, periodsUpTo } from "./period";

/** Today in Beijing. */
export const today = () => day(new Date().toISOString());

/** A period in words. */
export function usePeriodName() {
  const { t } = useTranslation("scorecards");
  return (period: string): string => {
    const parts = partsOf(period);
    return parts ? t(`period_name.${parts.kind}`, { year: parts.year, part: parts.part }) : period;
  };
}

/** Month, quarter or year, and which. */
export function PeriodPicker({ period, choose }: { period: string; choose: (period: string) => void }) {
  const { t } = useTranslation("scorecards");
  const name = usePeriodName();
  const kind = partsOf(period)?.kind ?? "quarter";
  const offered = periodsUpTo(kind, today());
  const listed = offered.includes(period) ? offered : [...offered, period];
  const first = (of: PeriodKind) => periodsUpTo(of, today())[0] ?? period;
  return (
    <div className="field-grid score-period">
      <Field label={t("kind.label")}>
        {(control) => (
          <Select<PeriodKind> {...control} className="full" value={kind} onChange={(next) => choose(first(next))} options={KINDS.map((each) => ({ value: each, label: t(`kind.${each}`) }))} />
        )}
      </Field>
      <Field label={t("period")}>
        {(control) => <Select<string> {...control} className="full" value={period} onChange={choose} options={listed.map((each) => ({ value: each, label: name(each) }))} />}
      </Field>
    </div>
  );
}
