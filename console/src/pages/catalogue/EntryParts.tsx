import { useTranslation } from "react-i18next";
import type { Basis, Entry } from "../../api/types";
import { GradeMark, useMaskWords } from "../../components/Marks";
import { count, day } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Facts } from "../../ui/Facts";

export function ItemsTab({ entry }: { entry: Entry }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const maskWords = useMaskWords();
  return (
    <DataTable
      caption={t("item.count", { count: entry.items.length })}
      rows={entry.items}
      rowKey={(row) => row.name}
      empty={t("common:nothing_yet")}
      columns={[
        { key: "title", title: t("item.name"), main: true, cell: (row) => row.title || row.name },
        { key: "name", title: t("item.code"), cell: (row) => <code>{row.name}</code> },
        { key: "type", title: t("item.type"), narrow: true, cell: (row) => words("item_type", row.item_type) },
        { key: "grade", title: t("item.grade"), narrow: true, cell: (row) => <GradeMark grade={row.grade} /> },
        { key: "personal", title: t("item.personal"), narrow: true, cell: (row) => `${row.personal ? t("common:yes") : t("common:no")}${row.sensitive ? ` · ${t("item.sensitive")}` : ""}` },
        { key: "mask", title: t("item.mask"), cell: (row) => maskWords(row.mask) },
      ]}
    />
  );
}

/** A legal basis in one line: 《…》第…条 and its rank. */
export function useBasisWords() {
  const words = useWords();
  return (basis: Basis | null | undefined): string | null =>
    basis?.title ? `《${basis.title.replace(/^《|》$/g, "")}》${basis.article} · ${words("basis_rank", basis.rank)}` : null;
}

export function BasisTab({ entry }: { entry: Entry }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const basisWords = useBasisWords();
  const { conditions, personal_information: personal, limits, secrecy, resource } = entry;
  const pia = personal?.assessment;
  return (
    <>
      <h3>{t("conditions.title")}</h3>
      {conditions && entry.sharing_attribute === "conditional" ? (
        <Facts
          facts={[
            { term: t("conditions.kinds"), value: (conditions.allowed_organisation_kinds ?? []).map((kind) => words("organisation_kind", kind)).join("、") || t("conditions.anyone") },
            { term: t("conditions.levels"), value: (conditions.allowed_levels ?? []).map((level) => words("level", level)).join("、") || t("conditions.anyone") },
            { term: t("conditions.purposes"), value: (conditions.purposes ?? []).join("；") || t("conditions.anyone"), wide: true },
            { term: t("conditions.consent"), value: conditions.subject_consent_required ? t("common:yes") : t("common:no") },
            { term: t("conditions.note"), value: conditions.note },
          ]}
        />
      ) : (
        <p>{t("conditions.none")}</p>
      )}
      <h3>{t("basis.title")}</h3>
      <Facts
        facts={[
          { term: t("basis.collection"), value: basisWords(entry.collection_basis), wide: true },
          ...(entry.not_shared_basis ? [{ term: t("basis.not_shared"), value: `${basisWords(entry.not_shared_basis)}：${entry.not_shared_basis.reason}`, wide: true }] : []),
          { term: t("basis.secrecy"), value: secrecy ? `${secrecy.conclusion}（${secrecy.reviewer}，${day(secrecy.date)}）` : null, wide: true },
          { term: t("basis.pia"), value: personal?.contains ? (pia ? `${pia.lawful_purpose}；${pia.impact}；${pia.safeguards}（${pia.assessor}，${day(pia.date)}）` : null) : t("basis.pia_none"), wide: true },
          { term: t("basis.limits"), value: limits ? t("basis.limits_text", { calls: count(limits.calls_per_second_max), rows: count(limits.rows_per_call_max), day: count(limits.rows_per_day_max) }) : null, wide: true },
          ...(resource?.table ? [{ term: t("basis.resource"), value: <code>{resource.table}</code>, wide: true }] : []),
        ]}
      />
    </>
  );
}
