import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { Navigate, useLocation } from "react-router";
import { sessionGet } from "../api/calls";
import { problemFrom } from "../api/problem";
import type { Session } from "../api/types";
import { paths } from "../paths";
import { Loading } from "./Loading";
import { ProblemAlert } from "./ProblemAlert";
import { Shell } from "./Shell";

const SessionContext = createContext<Session | null>(null);

/** Who is at work. Only below RequireSession. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession stands outside RequireSession");
  return session;
}

/** Everything that needs a person stands below this; without a session it leads to the login page and back. */
export function RequireSession() {
  const location = useLocation();
  const session = useQuery({ queryKey: ["session"], queryFn: sessionGet, staleTime: 60_000 });
  if (session.isPending) return <Loading />;
  if (session.isError) {
    const problem = problemFrom(session.error);
    if (problem.status === 401) return <Navigate to={paths.login} state={{ from: location.pathname + location.search }} replace />;
    return (
      <main className="lone">
        <ProblemAlert error={session.error} />
      </main>
    );
  }
  return (
    <SessionContext value={session.data}>
      <Shell session={session.data} />
    </SessionContext>
  );
}
