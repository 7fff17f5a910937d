import { ReloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { sourceDescribe, sourceGet } from "../../api/calls";
import { useWrite } from "../../api/query";
import type { Source } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { StructureTable } from "../../components/StructureTable";
import { count, moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";

export function SourcePage() {
  const { id = "" } = useParams();
  const source = useQuery({ queryKey: ["source", id], queryFn: () => sourceGet(id) });
  if (source.isPending) return <Loading />;
  if (source.isError) return <Failed error={source.error} />;
  return <SourceView source={source.data} />;
}

function SourceView({ source }: { source: Source }) {
  const { t } = useTranslation("sources");
  const words = useWords();
  const { can } = useSession();
  const describe = useWrite(() => sourceDescribe(source));
  const mayDescribe = can.includes("source_describe");
  return (
    <>
      <PageHead
        title={source.name}
        trail={[{ to: paths.sources, text: t("title") }]}
        actions={
          <>
            {mayDescribe ? (
              <Button icon={<ReloadOutlined aria-hidden="true" />} loading={describe.isPending} onClick={() => describe.mutate(undefined)}>
                {t("describe")}
              </Button>
            ) : null}
            {can.includes("catalogue_create") ? (
              <Link className="button-link primary" to={paths.entryNew}>
                {t("make_entry")}
              </Link>
            ) : null}
          </>
        }
      />
      {describe.error ? <ProblemAlert error={describe.error} /> : null}
      <Panel>
        <Facts
          facts={[
            { term: t("kind"), value: words("source_kind", source.kind) },
            { term: t("location"), value: <code>{source.location}</code> },
            { term: t("described"), value: moment(source.described_at) },
            { term: t("encoding"), value: source.encoding },
            ...(source.structure.threshold
              ? [{ term: t("threshold"), value: t("threshold_text", { subjects: source.structure.threshold.minimum, input: source.structure.threshold.input, column: source.structure.threshold.column }), wide: true }]
              : []),
            { term: t("digest"), value: <code className="hash">{source.structure.digest}</code>, wide: true },
          ]}
        />
      </Panel>
      {source.structure.tables.map((table) => (
        <Panel
          key={table.name}
          flush
          title={<code>{table.name}</code>}
          extra={table.rows_estimate ? <span className="muted">{t("table_rows", { count: count(table.rows_estimate) as never })}</span> : undefined}
        >
          <StructureTable table={table} />
        </Panel>
      ))}
    </>
  );
}
