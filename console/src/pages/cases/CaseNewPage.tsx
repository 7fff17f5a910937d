import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { caseOpen } from "../../api/calls";
import { caseKinds, describe, type FieldSpec, openingFields } from "../../api/form-schema";
import { useWrite } from "../../api/query";
import type { CaseMatter } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useCaseWords } from "../../components/useCaseWords";
import { useSubjectItems } from "../../components/useSubjectItems";
import { SpecFields, type Values } from "../../forms/spec-fields";
import { useSpecProblems } from "../../forms/spec-problems";
import { missingFields } from "../../forms/spec-required";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";
import { NotFoundPage } from "../NotFoundPage";

const SUBJECTS = ["grant", "request", "entry", "case"] as const;

/** Opens a case of the kind that the address names; what it is about may stand there too. */
export function CaseNewPage() {
  const [search] = useSearchParams();
  const kind = search.get("kind") ?? "";
  const all = useQuery({ queryKey: ["openapi"], queryFn: describe, staleTime: Number.POSITIVE_INFINITY });
  if (all.isPending) return <Loading />;
  if (all.isError) return <Failed error={all.error} />;
  if (!caseKinds(all.data).includes(kind)) return <NotFoundPage />;
  const fields = openingFields(kind, all.data);
  const given: Values = {};
  for (const subject of SUBJECTS) {
    const id = search.get(subject);
    if (id && fields.some((field) => field.name === subject)) given[subject] = id;
  }
  return <CaseNew key={kind} kind={kind} fields={fields} given={given} begun={kind === "source_designation" ? designationIn(search) : {}} />;
}

/** The element and its carriers from the address, to begin with: unlike what a case is about they can be changed. */
function designationIn(search: URLSearchParams): Values {
  const element = search.get("element") ?? "";
  const carriers = search.getAll("carrier").map((each) => {
    const [entry, item] = each.split(":");
    return { entry, item };
  });
  return { ...(element ? { element } : {}), ...(carriers.length > 0 ? { carriers } : {}) };
}

interface CaseNewProps {
  kind: string;
  fields: FieldSpec[];
  given: Values;
  begun: Values;
}

function CaseNew({ kind, fields, given, begun }: CaseNewProps) {
  const { t } = useTranslation(["cases", "common"]);
  const words = useCaseWords();
  const navigate = useNavigate();
  const [values, setValues] = useState<Values>(begun);
  const [tried, setTried] = useState(false);
  const subject = useSubjectItems(given.grant, given.entry);
  const open = useWrite(() => caseOpen({ ...values, ...given, kind } as unknown as CaseMatter), (found) => void navigate(paths.case(found.id)));
  const asked = fields.filter((field) => !(field.name in given));
  const problems = useSpecProblems(kind, asked, values, tried, open.error);
  const send = () => {
    setTried(true);
    if (missingFields(kind, asked, values).length === 0) open.mutate(undefined);
  };
  return (
    <>
      <PageHead title={words.kind(kind)} trail={[{ to: paths.cases, text: t("title") }]} lead={words.intro(kind)} />
      <Panel>
        <div className="stack form-narrow">
          {subject.name ? (
            <p>
              {t("about_this")}<b>{subject.name}</b>
            </p>
          ) : null}
          <SpecFields kind={kind} fields={fields} values={values} set={setValues} given={given} problems={problems} />
          {open.error ? <ProblemAlert error={open.error} fieldName={(path) => words.path(kind, path)} /> : null}
          <div>
            <Button type="primary" loading={open.isPending} onClick={send}>
              {t("open_this", { kind: words.kind(kind) })}
            </Button>
          </div>
        </div>
      </Panel>
    </>
  );
}
