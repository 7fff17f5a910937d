import { PlayCircleOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dataQuery, trialToken } from "../../api/calls";
import type { DataAnswer, Grant } from "../../api/types";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { exactMoment } from "../../i18n/format";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

const ROWS = 20;
interface Placed {
  row: DataAnswer["rows"][number];
  place: number;
}
interface Tried {
  answer: DataAnswer;
  milliseconds: number;
  at: string;
}

/** One real call of the data plane, by the way every system takes: a token, the typed query, the same checks. */
export function GrantTest({ grant }: { grant: Grant }) {
  const { t } = useTranslation("grants");
  const [items, setItems] = useState(() => grant.items.map((item) => item.name));
  const [limit, setLimit] = useState(Math.min(ROWS, grant.rows_per_call));
  const mayTry = grant.allowed.includes("try");
  const queries = useQueryClient();
  const test = useMutation({
    // Delivered or refused, the call is in the usage record: what the page tells of it is read again.
    onSettled: () => queries.invalidateQueries({ queryKey: ["grant", grant.id] }),
    mutationFn: async (): Promise<Tried> => {
      const { access_token } = await trialToken(grant.id);
      const started = performance.now();
      const answer = await dataQuery(grant.id, access_token, { purpose: grant.purpose, items, conditions: [], limit });
      return { answer, milliseconds: Math.round(performance.now() - started), at: new Date().toISOString() };
    },
  });
  return (
    <Panel title={t("test.title")}>
      <p className="muted test-lead">{t("test.lead")}</p>
      <fieldset className="field">
        <legend className="field-label">{t("test.items")}</legend>
        <Checkbox.Group value={items} onChange={(chosen) => setItems(chosen as string[])} options={grant.items.map((item) => ({ value: item.name, label: item.title || item.name }))} />
      </fieldset>
      <div className="row test-run">
        <label className="row">
          <span>{t("test.limit")}</span>
          <InputNumber aria-label={t("test.limit")} min={1} precision={0} value={limit} onChange={(value) => setLimit(value ?? 1)} />
        </label>
        <Button type="primary" icon={<PlayCircleOutlined aria-hidden="true" />} disabled={!mayTry} loading={test.isPending} onClick={() => test.mutate()}>
          {t("test.run")}
        </Button>
        {mayTry ? null : <span className="muted small">{t("test.not_allowed")}</span>}
      </div>
      <div aria-live="polite">
        {test.error ? <ProblemAlert error={test.error} /> : null}
        {test.data ? <Answer tried={test.data} grant={grant} /> : null}
      </div>
    </Panel>
  );
}

function Answer({ tried, grant }: { tried: Tried; grant: Grant }) {
  const { t } = useTranslation("grants");
  const { person } = useSession();
  const { answer, milliseconds, at } = tried;
  const titles = Object.fromEntries(grant.items.map((item) => [item.name, item.title || item.name]));
  const rows: Placed[] = answer.rows.map((row, place) => ({ row, place }));
  return (
    <>
      <Alert
        type="success"
        showIcon
        className="gap"
        title={t("test.ok")}
        description={`${t("test.answer", { rows: answer.rows.length, ms: milliseconds, index: answer.record.index })}${answer.next ? ` · ${t("test.more")}` : ""}`}
      />
      <div className="preview">
        <DataTable<Placed>
          caption={t("test.table")}
          rows={rows}
          rowKey={({ place }) => String(place)}
          empty={t("test.none")}
          columns={answer.items.map((item, column) => ({
            key: item.name,
            main: column === 0,
            title: (
              <>
                {titles[item.name] ?? item.name}
                {item.masked ? <span className="muted small"> {t("page.masked")}</span> : null}
              </>
            ),
            cell: ({ row }) => <span className="tabular">{shown(row[column])}</span>,
          }))}
        />
        <p className="preview-mark">{`${person.organisation.name} · ${t("test.watermark", { name: person.name, at: exactMoment(at) })}`}</p>
      </div>
    </>
  );
}

const shown = (value: string | number | boolean | null | undefined): string => (value === null || value === undefined ? "—" : String(value));
