import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { caseOpen } from "../../api/calls";
import { describe, type FieldSpec, openingFields } from "../../api/form-schema";
import { useWrite } from "../../api/query";
import type { CaseMatter } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useCaseWords } from "../../components/useCaseWords";
import { useSubjectItems } from "../../components/useSubjectItems";
import { SpecFields, type Values } from "../../forms/spec-fields";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";

const SUBJECTS = ["grant", "request", "entry", "case"] as const;

/** Opens a case of the kind that the address names; what it is about may stand there too. */
export function CaseNewPage() {
  const [search] = useSearchParams();
  const kind = search.get("kind") ?? "";
  const all = useQuery({ queryKey: ["openapi"], queryFn: describe, staleTime: Number.POSITIVE_INFINITY });
  if (all.isPending) return <Loading />;
  if (all.isError) return <Failed error={all.error} />;
  const fields = openingFields(kind, all.data);
  const given: Values = {};
  for (const subject of SUBJECTS) {
    const id = search.get(subject);
    if (id && fields.some((field) => field.name === subject)) given[subject] = id;
  }
  return <CaseNew key={kind} kind={kind} fields={fields} given={given} />;
}

function CaseNew({ kind, fields, given }: { kind: string; fields: FieldSpec[]; given: Values }) {
  const { t } = useTranslation(["cases", "common"]);
  const words = useCaseWords();
  const navigate = useNavigate();
  const [values, setValues] = useState<Values>({});
  const items = useSubjectItems(given.grant, given.entry);
  const open = useWrite(() => caseOpen({ ...values, ...given, kind } as unknown as CaseMatter), (found) => void navigate(paths.case(found.id)));
  return (
    <>
      <PageHead title={words.kind(kind)} trail={[{ to: paths.cases, text: t("title") }]} lead={items.name} />
      <Panel>
        <div className="stack form-narrow">
          <SpecFields kind={kind} fields={fields} values={values} set={setValues} given={given} items={items.options} />
          {open.error ? <ProblemAlert error={open.error} /> : null}
          <div>
            <Button type="primary" loading={open.isPending} onClick={() => open.mutate(undefined)}>
              {t("open")}
            </Button>
          </div>
        </div>
      </Panel>
    </>
  );
}
