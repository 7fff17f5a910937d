import { useQuery } from "@tanstack/react-query";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deadlineGet } from "../../api/calls";
import type { ClockId } from "../../api/types";
import { ProblemAlert } from "../../components/ProblemAlert";
import { ChoiceField, DateField, TextField } from "../../forms/fields";
import { useArticle } from "../../i18n/article";
import { moment } from "../../i18n/format";
import { Panel } from "../../ui/Panel";

export const CLOCKS = [
  "reply_unconditional", "reply_conditional", "reply_extension", "delivery", "catalogue_update", "catalogue_update_extension",
  "catalogue_review", "correction",
] as const satisfies readonly ClockId[];
const REGION = /^(\d{2}|\d{4}|\d{6})$/;

/** The calculator: a clock of the law, the day it starts, and every day that is walked over until it is due. */
export function DeadlinePanel() {
  const { t } = useTranslation("clocks");
  const article = useArticle();
  const [clock, setClock] = useState<ClockId>("reply_conditional");
  const [from, setFrom] = useState<string | null>(dayjs().format("YYYY-MM-DD"));
  const [region, setRegion] = useState("");
  const asked = REGION.test(region) ? region : undefined;
  const found = useQuery({
    queryKey: ["deadline", clock, from, asked],
    queryFn: () => deadlineGet({ clock, from: from ?? "", region: asked }),
    enabled: from !== null,
  });
  return (
    <Panel title={t("deadline.title")}>
      <div className="field-grid three">
        <ChoiceField label={t("deadline.clock")} list="clock" values={CLOCKS} value={clock} onChange={setClock} />
        <DateField label={t("deadline.from")} hint={t("deadline.from_hint")} value={from} onChange={setFrom} />
        <TextField label={t("calendar.region")} maxLength={6} value={region} onChange={setRegion} />
      </div>
      {found.error ? <ProblemAlert error={found.error} /> : null}
      {found.data ? (
        <div role="status">
          <p>
            <b>{t("deadline.due", { moment: moment(found.data.due) })}</b> · {t("deadline.days", { count: found.data.working_days })} ·{" "}
            {article(found.data.article)}
            {found.data.rule_set === "decree_809" ? null : ` · ${t("deadline.by_rule_set", { id: found.data.rule_set })}`}
            {found.data.provisional ? ` · ${t("calendar.provisional_short")}` : null}
          </p>
          <ol className="walk">
            {found.data.days.map((day) => (
              <li key={day.date} className={day.works ? "" : "muted"}>
                {day.date} {day.works ? t("deadline.counted", { count: day.counted }) : t("deadline.rest")}
              </li>
            ))}
          </ol>
        </div>
      ) : null}
    </Panel>
  );
}
