import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { refusalGet } from "../../api/calls";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { TextField } from "../../forms/fields";
import { exactMoment } from "../../i18n/format";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";

/** Why a call of the own department was refused, by the reference that the caller was given. */
export function RefusalPage() {
  const { t } = useTranslation("systems");
  const [search, setSearch] = useSearchParams();
  const reference = search.get("id") ?? "";
  const [text, setText] = useState(reference);
  return (
    <>
      <PageHead title={t("refusal")} lead={t("refusal_lead")} />
      <Panel>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            setSearch(text.trim() ? { id: text.trim() } : {});
          }}
        >
          <TextField label={t("reference")} maxLength={64} value={text} onChange={setText} />
          <Button type="primary" htmlType="submit">
            {t("refusal_find")}
          </Button>
        </form>
      </Panel>
      {reference ? <Reason key={reference} reference={reference} /> : null}
    </>
  );
}

function Reason({ reference }: { reference: string }) {
  const { t, i18n } = useTranslation("systems");
  const query = useQuery({ queryKey: ["refusal", reference], queryFn: () => refusalGet(reference), retry: false });
  if (query.error) return <ProblemAlert error={query.error} />;
  if (!query.data) return <Loading />;
  const { at, code, params, grant, title_zh, title_en, next_zh, next_en } = query.data;
  const english = i18n.language === "en";
  const checks = Object.entries(params).map(([name, value]) => `${name}: ${value}`);
  return (
    <Panel title={english ? title_en : title_zh}>
      <Facts
        columns={1}
        facts={[
          { term: t("refusal_at"), value: exactMoment(at) },
          { term: t("refusal_what"), value: <code>{code}</code> },
          { term: t("refusal_check"), value: checks.join(" · ") },
          { term: t("refusal_next"), value: english ? next_en : next_zh },
          { term: t("refusal_grant"), value: grant ? <Link to={paths.grant(grant)}>{grant}</Link> : null },
        ]}
      />
    </Panel>
  );
}
