import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { casesList } from "../../api/calls";
import { caseKinds, describe } from "../../api/form-schema";
import type { CaseHit, CaseKind } from "../../api/types";
import { ClockMark } from "../../components/Marks";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useCaseWords } from "../../components/useCaseWords";
import { usePages } from "../../components/usePages";
import { moment } from "../../i18n/format";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { CaseOpenMenu } from "../../components/CasesPanel";

const BOXES = ["open", "settled", "all"] as const;

export function CasesPage() {
  const { t } = useTranslation(["cases", "common"]);
  const words = useCaseWords();
  const [search, setSearch] = useSearchParams();
  const box = BOXES.find((each) => each === search.get("box")) ?? "open";
  const kind = search.get("kind") ?? "";
  const all = useQuery({ queryKey: ["openapi"], queryFn: describe, staleTime: Number.POSITIVE_INFINITY });
  const settled = box === "all" ? undefined : box === "settled";
  const query = { kind: (kind || undefined) as CaseKind | undefined, settled, all: box === "all" };
  const list = usePages<CaseHit>(["cases", box, kind], (after) => casesList({ ...query, after }));
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} actions={<CaseOpenMenu />} />
      <nav aria-label={t("title")} className="tabs">
        {BOXES.map((each) => (
          <Link key={each} to={paths.casesBox(each, kind)} replace className="tab" aria-current={each === box ? "page" : undefined}>
            {t(`boxes.${each}`)}
          </Link>
        ))}
      </nav>
      <div className="filters">
        <Select aria-label={t("kind_label")} className="filter" allowClear value={kind || undefined} placeholder={t("any_kind")} onChange={(value?: string) => setSearch({ box, ...(value ? { kind: value } : {}) }, { replace: true })} options={(all.data ? caseKinds(all.data) : []).map((each) => ({ value: each, label: words.kind(each) }))} />
      </div>
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("empty")}
          columns={[
            { key: "clock", title: t("clock"), narrow: true, cell: (row) => <ClockMark clock={row.clock} /> },
            { key: "title", title: t("matter"), main: true, cell: (row) => <Link to={paths.case(row.id)}>{row.title || words.kind(row.kind)}</Link> },
            { key: "kind", title: t("kind_label"), narrow: true, cell: (row) => words.kind(row.kind) },
            { key: "number", title: t("number"), narrow: true, cell: (row) => <code>{row.number}</code> },
            { key: "state", title: t("state_label"), narrow: true, cell: (row) => words.state(row.kind, row.state) },
            { key: "opener", title: t("opener"), cell: (row) => row.opener.name },
            { key: "respondent", title: t("respondent"), cell: (row) => row.respondent?.name ?? "—" },
            { key: "moved", title: t("moved"), narrow: true, cell: (row) => <span className="nowrap">{moment(row.moved_at)}</span> },
          ]}
        />
      </Panel>
      <More list={list} />
    </>
  );
}
