import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { fieldProblemText, problemFrom, problemText, type Problem } from "../api/problem";
import { useArticle } from "../i18n/article";
import { useFieldName } from "./useFieldName";

/** A refusal in words, with its article, every single problem, and the way to ask for more where the server names one. */
export function ProblemAlert({ error, fieldName }: { error: unknown; fieldName?: (path: string) => string }) {
  const problem = problemFrom(error);
  return (
    <Alert
      className="problem"
      type={problem.status >= 500 || problem.status === 0 ? "error" : "warning"}
      showIcon
      title={problemText(problem)}
      description={<ProblemDetail problem={problem} named={fieldName} />}
    />
  );
}

function ProblemDetail({ problem, named }: { problem: Problem; named: ((path: string) => string) | undefined }) {
  const { t, i18n } = useTranslation();
  const common = useFieldName([]);
  const fieldName = named ?? common;
  const inWords = useArticle();
  const english = i18n.language === "en";
  const article = problem.ground && (english ? t("article", { article: problem.ground.article }) : (problem.ground.zh ?? inWords(problem.ground.article)));
  const inside = problem.request_url?.replace(/^https?:\/\/[^/]+/, "");
  return (
    <>
      {problem.problems && problem.problems.length > 0 ? (
        <ul className="problem-list">
          {problem.problems.map((each) => (
            <li key={`${each.field}-${each.code}-${JSON.stringify(each.params ?? null)}`}>
              {each.field ? <b>{fieldName(each.field)}: </b> : null}
              {fieldProblemText(each)}
              {each.article ? <span className="muted"> ({t("article", { article: inWords(each.article) })})</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {article ? <p>{t("ground", { article })}</p> : null}
      {inside ? (
        <p>
          <Link to={inside}>{t("ask_lawfully")}</Link>
        </p>
      ) : null}
      {problem.retry_after ? <p>{t("retry_after", { seconds: problem.retry_after })}</p> : null}
      <p className="muted small">
        <code>{problem.code}</code>
        {problem.request_id ? ` · ${t("request_id")} ${problem.request_id}` : null}
      </p>
    </>
  );
}
