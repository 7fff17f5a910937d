import { useTranslation } from "react-i18next";
import type { Entry, SharingRequest } from "../../api/types";
import { fieldProblemText } from "../../api/problem";
import { GradeMark, Period, useMaskWords } from "../../components/Marks";
import { RowsInWords } from "../../components/RowsInWords";
import { count } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { useBasisWords } from "../catalogue/EntryParts";

export const titlesOf = (entry: Entry | null) => Object.fromEntries((entry?.items ?? []).map((item) => [item.name, item.title || item.name]));

/** What is asked for: why, what, how. */
export function RequestContentView({ request, entry }: { request: SharingRequest; entry: Entry | null }) {
  const { t } = useTranslation(["requests", "catalogue", "common"]);
  const words = useWords();
  const basisWords = useBasisWords();
  return (
    <>
      <Panel title={t("detail.why")}>
        <Facts
          columns={1}
          facts={[
            { term: t("form.scenario"), value: request.scenario },
            { term: t("field_basis"), value: basisWords(request.basis) },
            { term: t("form.purpose"), value: request.purpose },
            { term: t("form.scope"), value: request.scope_of_use },
          ]}
        />
      </Panel>
      <Panel title={t("detail.what")}>
        <AskedItems request={request} entry={entry} />
        <h3>{t("form.rows")}</h3>
        <RowsInWords rows={request.rows} titles={titlesOf(entry)} />
      </Panel>
      <Panel title={t("detail.how")}>
        <Facts
          facts={[
            { term: t("form.method"), value: words("method", request.method) },
            { term: t("period"), value: <Period from={request.valid_from} until={request.valid_until} /> },
            { term: t("form.calls"), value: count(request.calls_per_second) },
            { term: t("form.per_call"), value: count(request.rows_per_call) },
            { term: t("form.per_day"), value: count(request.rows_per_day) },
            { term: t("form.contact"), value: request.contact ? `${request.contact.name} ${request.contact.phone}` : null },
            { term: t("form.safeguards"), value: request.safeguards, wide: true },
          ]}
        />
      </Panel>
      {request.precheck.length > 0 ? (
        <Panel title={t("detail.precheck")}>
          <Precheck request={request} />
        </Panel>
      ) : null}
    </>
  );
}

export function Precheck({ request }: { request: SharingRequest }) {
  return (
    <ul className="plain-list">
      {request.precheck.map((each) => (
        <li key={`${each.code}-${JSON.stringify(each.params ?? {})}`}>{fieldProblemText(each)}</li>
      ))}
    </ul>
  );
}

function AskedItems({ request, entry }: { request: SharingRequest; entry: Entry | null }) {
  const { t } = useTranslation(["requests", "catalogue", "common"]);
  const words = useWords();
  const maskWords = useMaskWords();
  const rows = request.items.map((name) => ({ name, item: entry?.items.find((item) => item.name === name) }));
  return (
    <DataTable
      caption={t("form.items")}
      rows={rows}
      rowKey={(row) => row.name}
      empty={t("common:nothing_yet")}
      columns={[
        { key: "title", title: t("catalogue:item.name"), main: true, cell: (row) => row.item?.title || row.name },
        { key: "name", title: t("catalogue:item.code"), cell: (row) => <code>{row.name}</code> },
        { key: "type", title: t("catalogue:item.type"), narrow: true, cell: (row) => words("item_type", row.item?.item_type) },
        { key: "grade", title: t("catalogue:item.grade"), narrow: true, cell: (row) => <GradeMark grade={row.item?.grade} /> },
        { key: "mask", title: t("catalogue:item.mask"), cell: (row) => (row.item ? maskWords(row.item.mask) : "—") },
      ]}
    />
  );
}
