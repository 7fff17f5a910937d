import { useTranslation } from "react-i18next";
import type { FieldSpec } from "../api/form-schema";
import { fieldProblemText, problemFrom, problemText } from "../api/problem";
import { missingFields } from "./spec-required";
import type { Values } from "./spec-fields";

/** What is wrong in the form of a case, by field: what is still empty, once sending was tried, and what the server said. */
export function useSpecProblems(kind: string, fields: FieldSpec[], values: Values, tried: boolean, error: unknown): Record<string, string> {
  const { t } = useTranslation();
  const found: Record<string, string> = {};
  if (tried) for (const path of missingFields(kind, fields, values)) found[path] = t("required");
  if (!error) return found;
  const problem = problemFrom(error);
  for (const each of problem.problems ?? []) if (each.field) found[each.field] ??= fieldProblemText(each);
  const field = problem.params?.field;
  if (typeof field === "string") found[field] ??= problemText(problem);
  return found;
}
