import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { grantResponsibilities } from "../../api/calls";
import type { Responsible, SharingLink } from "../../api/types";
import { Loading } from "../../components/Loading";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

/** Every link in the order of the law, and whose it is: a link for which nobody answers is a row too. */
const LINKS: [SharingLink, "provider" | "operator" | "requester"][] = [
  ["collect", "provider"],
  ["store", "provider"],
  ["process", "provider"],
  ["transfer", "operator"],
  ["provide", "provider"],
  ["use", "requester"],
  ["destroy", "requester"],
];

/** Who answers for each link of sharing under a grant (责任清单, Art. 34(1)), for everybody who may read the grant. */
export function ResponsibilityPanel({ grant }: { grant: string }) {
  const { t } = useTranslation("grants");
  const words = useWords();
  const found = useQuery({ queryKey: ["grant-responsibilities", grant], queryFn: () => grantResponsibilities(grant) });
  const rows = LINKS.map(([link, side]) => ({ link, side, answering: found.data?.items.filter((each) => each.link === link) ?? [] }));
  return (
    <Panel title={t("responsibility.title")} flush>
      <p className="muted small panel-lead">{t("responsibility.lead")}</p>
      {found.isPending ? <Loading /> : null}
      {found.error ? <ProblemAlert error={found.error} /> : null}
      {found.data ? (
        <DataTable
          caption={t("responsibility.title")}
          rows={rows}
          rowKey={(row) => row.link}
          empty="—"
          columns={[
            { key: "link", title: t("responsibility.link"), main: true, cell: (row) => words("sharing_link", row.link) },
            { key: "who", title: t("responsibility.who"), cell: (row) => (row.answering.length > 0 ? <Answering all={row.answering} /> : t(`responsibility.nobody.${row.side}`)) },
          ]}
        />
      ) : null}
    </Panel>
  );
}

function Answering({ all }: { all: Responsible[] }) {
  const { t } = useTranslation("grants");
  const words = useWords();
  return (
    <ul className="plain-list">
      {all.map((each) => (
        <li key={`${each.part} ${each.organisation.id} ${each.person_name ?? ""} ${each.engagement ?? ""}`}>
          {each.person_name ? <b>{each.person_name} </b> : null}
          {each.organisation.name} · {words("responsible_part", each.part)}
          {each.contractor ? <span className="muted small"> {t("responsibility.contractor", { name: each.contractor, number: each.engagement ?? "" })}</span> : null}
          {each.person_name ? null : <span className="muted small"> {t("responsibility.no_person")}</span>}
        </li>
      ))}
    </ul>
  );
}
