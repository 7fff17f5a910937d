import { UploadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { leakTrace } from "../../api/calls";
import type { LeakForm, LeakTrace } from "../../api/types";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { count, exactMoment, probability } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";

/** As the server takes in; a larger file is not sent at all. */
const BYTES_MAX = 67_108_864;

const FORMS: Record<string, LeakForm> = {
  csv: "csv", txt: "csv", tsv: "csv", xlsx: "xlsx", xlsm: "xlsx", xls: "xls", parquet: "parquet", json: "json", jsonl: "json", ndjson: "json",
};

const formOf = (name: string): LeakForm | undefined => FORMS[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];

/** Whose copy leaked: a file that has turned up, looked for among what this node delivered. */
export function LeakPage() {
  const { t } = useTranslation("record");
  const [file, setFile] = useState<File | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const run = useMutation({ mutationFn: ({ form, chosen }: { form: LeakForm; chosen: File }) => leakTrace(form, chosen) });
  const form = file ? formOf(file.name) : undefined;
  const wrong = file && !form ? t("leak.form_unknown") : file && file.size > BYTES_MAX ? t("leak.too_large") : null;
  return (
    <>
      <PageHead title={t("leak.title")} lead={t("leak.lead")} />
      <Panel title={t("leak.choose")}>
        <div className="stack">
          <div className="row">
            <input
              ref={input}
              type="file"
              hidden
              accept=".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.parquet,.json,.jsonl,.ndjson"
              aria-label={t("leak.file")}
              onChange={(event) => {
                setFile(event.target.files?.[0] ?? null);
                run.reset();
                // The same file, changed meanwhile, can be chosen again.
                event.target.value = "";
              }}
            />
            <Button icon={<UploadOutlined aria-hidden="true" />} onClick={() => input.current?.click()}>
              {file ? file.name : t("leak.file")}
            </Button>
            <Button type="primary" disabled={!file || !form || wrong !== null} loading={run.isPending} onClick={() => file && form && run.mutate({ form, chosen: file })}>
              {t("leak.run")}
            </Button>
          </div>
          <p className="muted small">{t("leak.hint")}</p>
          {wrong ? <Alert role="alert" type="error" showIcon title={wrong} /> : null}
          {run.error ? <ProblemAlert error={run.error} /> : null}
        </div>
      </Panel>
      {run.data ? (
        <>
          <Summary found={run.data} />
          {run.data.deliveries.length > 0 ? (
            <>
              <Grants found={run.data} />
              <Deliveries found={run.data} />
            </>
          ) : null}
        </>
      ) : null}
    </>
  );
}

function Summary({ found }: { found: LeakTrace }) {
  const { t } = useTranslation("record");
  const named = found.deliveries.length + found.deliveries_more;
  const without = found.deliveries_without_fingerprints;
  const lines = [
    t("leak.compared", { rows: count(found.rows_in_file), compared: count(found.rows_compared), deliveries: count(found.deliveries_searched), searched: count(found.rows_searched) }),
    ...(named > 0 ? [t("leak.lead_only")] : [t("leak.none_hint")]),
    ...(without > 0 ? [t("leak.without", { count: without, first: found.records_without_fingerprints.join(", ") })] : []),
    ...(found.broken_files.length > 0 ? [t("leak.broken", { files: found.broken_files.join(", ") })] : []),
    ...(found.deliveries_more > 0 ? [t("leak.more", { count: found.deliveries_more })] : []),
  ];
  return (
    <Panel title={named > 0 ? t("leak.found", { count: named }) : t("leak.none")} tone="accent">
      <div className="stack" role="status">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <Facts
          columns={1}
          facts={[
            { term: t("leak.digest"), value: <code className="hash">{found.digest}</code> },
            { term: t("title"), value: <Link to={paths.recordEntry(found.record_index)}>{t("leak.recorded", { index: found.record_index })}</Link> },
          ]}
        />
      </div>
    </Panel>
  );
}

function Grants({ found }: { found: LeakTrace }) {
  const { t } = useTranslation("record");
  return (
    <Panel title={t("leak.grants")} flush>
      <DataTable
        caption={t("leak.grants")}
        rows={found.grants}
        rowKey={(row) => row.grant ?? ""}
        empty={t("leak.none")}
        columns={[
          { key: "grant", title: t("leak.grant"), main: true, cell: (row) => (row.grant ? <Link to={paths.grant(row.grant)}>{row.number ?? row.grant}</Link> : "—") },
          { key: "requester", title: t("leak.requester"), cell: (row) => row.requester ?? "—" },
          { key: "provider", title: t("leak.provider"), cell: (row) => row.provider ?? "—" },
          { key: "deliveries", title: t("leak.deliveries_count"), narrow: true, align: "end", cell: (row) => count(row.deliveries) },
          { key: "rows", title: t("leak.rows_found"), narrow: true, align: "end", cell: (row) => `${count(row.rows_found)} / ${count(found.rows_compared)}` },
        ]}
      />
    </Panel>
  );
}

function Deliveries({ found }: { found: LeakTrace }) {
  const { t } = useTranslation("record");
  const words = useWords();
  return (
    <Panel title={t("leak.deliveries")} flush>
      <DataTable
        caption={t("leak.deliveries")}
        rows={found.deliveries}
        rowKey={(row) => String(row.record)}
        empty={t("leak.none")}
        columns={[
          {
            key: "record", title: t("leak.record"), main: true,
            cell: (row) => (row.grant ? <Link to={paths.grantUsage(row.grant)}>#{row.record}</Link> : `#${row.record}`),
          },
          { key: "at", title: t("at"), cell: (row) => <time dateTime={row.at} className="tabular nowrap">{exactMoment(row.at)}</time> },
          { key: "caller", title: t("leak.caller"), cell: (row) => [row.caller_name ?? row.caller, row.organisation_name].filter(Boolean).join(" · ") },
          { key: "method", title: t("leak.method"), cell: (row) => words("method", row.method) },
          { key: "found", title: t("leak.rows_found"), narrow: true, align: "end", cell: (row) => count(row.rows_found) },
          { key: "only", title: t("leak.rows_only_here"), narrow: true, align: "end", cell: (row) => count(row.rows_only_here) },
          { key: "delivered", title: t("leak.rows_delivered"), narrow: true, align: "end", cell: (row) => count(row.rows_delivered) },
          { key: "chance", title: t("leak.by_chance"), narrow: true, align: "end", cell: (row) => <span className="nowrap">{probability(row.by_chance_log10)}</span> },
          { key: "apart", title: t("leak.apart"), narrow: true, align: "end", cell: (row) => <span className="nowrap">{probability(row.apart_log10)}</span> },
        ]}
      />
    </Panel>
  );
}
