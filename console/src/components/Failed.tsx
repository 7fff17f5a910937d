import { problemFrom } from "../api/problem";
import { ForbiddenPage } from "../pages/ForbiddenPage";
import { NotFoundPage } from "../pages/NotFoundPage";
import { ProblemAlert } from "./ProblemAlert";

/** In place of a page whose matter could not be read. */
export function Failed({ error }: { error: unknown }) {
  const { status } = problemFrom(error);
  if (status === 404) return <NotFoundPage />;
  if (status === 403) return <ForbiddenPage />;
  return <ProblemAlert error={error} />;
}
