import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { requestsList } from "../../api/calls";
import type { SharingRequestHit } from "../../api/types";
import { ClockMark, StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { usePages } from "../../components/usePages";
import { moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

const BOXES = ["mine", "received", "all"] as const;

export function RequestsPage() {
  const { t } = useTranslation(["requests", "common"]);
  const words = useWords();
  const [search] = useSearchParams();
  const box = BOXES.find((each) => each === search.get("box")) ?? "mine";
  const list = usePages<SharingRequestHit>(["requests", box], (after) => requestsList({ box, after }));
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          <Link className="button-link primary" to={paths.catalogue}>
            {t("find")}
          </Link>
        }
      />
      <nav aria-label={t("title")} className="tabs">
        {BOXES.map((each) => (
          <Link key={each} to={paths.requestsBox(each)} replace className="tab" aria-current={each === box ? "page" : undefined}>
            {words("box", each)}
          </Link>
        ))}
      </nav>
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("empty")}
          columns={[
            { key: "clock", title: t("clock"), narrow: true, cell: (row) => <ClockMark clock={row.clock} /> },
            { key: "entry", title: t("entry"), main: true, cell: (row) => <Link to={paths.request(row.id)}>{row.entry_name}</Link> },
            { key: "number", title: t("number"), cell: (row) => <code>{row.number}</code> },
            { key: "state", title: t("state"), narrow: true, cell: (row) => <StateMark list="request_state" state={row.state} /> },
            { key: "requester", title: t("requester"), cell: (row) => row.requester.name },
            { key: "provider", title: t("provider"), cell: (row) => row.provider.name },
            { key: "received", title: t("received"), cell: (row) => <span className="nowrap">{moment(row.received_at)}</span> },
          ]}
        />
      </Panel>
      <More list={list} />
    </>
  );
}
