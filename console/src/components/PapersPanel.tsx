import { DownloadOutlined, FileTextOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { paperFile, paperIssue, papersList } from "../api/calls";
import type { PaperKind } from "../api/types";
import { moment } from "../i18n/format";
import { paths } from "../paths";
import { DataTable } from "../ui/DataTable";
import { Panel } from "../ui/Panel";
import { saveBlob } from "../ui/save";
import { ProblemAlert } from "./ProblemAlert";

interface PapersPanelProps {
  subject: string;
  revision: number;
}

/** The papers of a thing: those that were made, and a button for each kind that fits. Nothing where the reader may not. */
export function PapersPanel({ subject, revision }: PapersPanelProps) {
  const { t } = useTranslation(["papers", "common"]);
  const client = useQueryClient();
  const papers = useQuery({ queryKey: ["papers", subject, revision], queryFn: () => papersList(subject), retry: false });
  const issue = useMutation({
    mutationFn: (kind: PaperKind) => paperIssue(kind, subject),
    onSettled: () => client.invalidateQueries({ queryKey: ["papers", subject] }),
  });
  const save = useMutation({ mutationFn: async (number: string) => saveBlob(`${number}.pdf`, await paperFile(number)) });
  if (!papers.data || (papers.data.items.length === 0 && papers.data.kinds.length === 0)) return null;
  const { items, kinds } = papers.data;
  return (
    <Panel title={t("title")} flush>
      <DataTable
        caption={t("caption")}
        rows={items}
        rowKey={(paper) => paper.number}
        empty={t("none")}
        columns={[
          { key: "kind", title: t("column.kind"), main: true, cell: (paper) => t(`kind.${paper.kind}`) },
          { key: "number", title: t("column.number"), cell: (paper) => <Link to={paths.verify(paper.number)}>{paper.number}</Link> },
          { key: "at", title: t("column.at"), narrow: true, cell: (paper) => moment(paper.issued_at) },
          {
            key: "file",
            title: t("column.file"),
            narrow: true,
            cell: (paper) => (
              <Button size="small" icon={<DownloadOutlined aria-hidden="true" />} aria-label={t("download", { number: paper.number })} onClick={() => save.mutate(paper.number)}>
                PDF
              </Button>
            ),
          },
        ]}
      />
      <div className="panel-pad">
        {issue.error ? <ProblemAlert error={issue.error} /> : null}
        {save.error ? <ProblemAlert error={save.error} /> : null}
        <div className="row">
          {kinds.map((kind) => (
            <Button
              key={kind}
              icon={<FileTextOutlined aria-hidden="true" />}
              loading={issue.isPending && issue.variables === kind}
              disabled={issue.isPending}
              onClick={() => issue.mutate(kind)}
            >
              {t("make", { kind: t(`kind.${kind}`) })}
            </Button>
          ))}
        </div>
        {issue.isPending ? (
          <p className="muted small" role="status">
            {t("making")}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}
