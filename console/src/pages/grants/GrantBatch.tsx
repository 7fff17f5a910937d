import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type BatchRun, type BatchTask, type BatchVerb, batchPutAside, batchRunList, batchTaskAct, batchTaskList } from "../../api/batch";
import { useWrite } from "../../api/query";
import type { Grant } from "../../api/types";
import { ActDialog } from "../../components/ActDialog";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { BatchCountForm } from "../../forms/batch-count";
import { BatchTaskForm } from "../../forms/batch-task";
import { count, moment } from "../../i18n/format";
import { DataTable } from "../../ui/DataTable";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { saveText } from "../../ui/save";

const LOOK_AGAIN_MS = 2_000;

/** Whether a run goes on by itself, so that it is worth another look. */
const goesOn = (run: BatchRun | null | undefined) => run?.state === "running" || run?.state === "waiting";

/** Batch exchange of a grant: where its rows are brought, when, how far they are, and what came of it. */
export function GrantBatch({ grant }: { grant: Grant }) {
  const { t } = useTranslation("batch");
  const { person } = useSession();
  const [creating, setCreating] = useState(false);
  const tasks = useQuery({
    queryKey: ["batch", grant.id],
    queryFn: () => batchTaskList(grant.id),
    refetchInterval: (query) => (query.state.data?.items.some((task) => goesOn(task.last_run)) ? LOOK_AGAIN_MS : false),
  });
  const own = person.organisation.id === grant.requester.id && person.roles.some((role) => role === "data_officer" || role === "developer");
  return (
    <Panel title={t("title")}>
      <p className="muted test-lead">{t("lead")}</p>
      {own && grant.state === "active" ? (
        <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setCreating(true)}>
          {t("create")}
        </Button>
      ) : null}
      <div aria-live="polite" className="stack">
        {tasks.isPending ? <Loading /> : null}
        {tasks.isError ? <Failed error={tasks.error} /> : null}
        {tasks.data?.items.length === 0 ? <p className="muted small">{t("none")}</p> : null}
        {tasks.data?.items.map((task) => <Task key={task.id} grant={grant} task={task} own={own} />)}
      </div>
      {creating ? <BatchTaskForm grant={grant} close={() => setCreating(false)} /> : null}
    </Panel>
  );
}

function Task({ grant, task, own }: { grant: Grant; task: BatchTask; own: boolean }) {
  const { t } = useTranslation("batch");
  const [ending, setEnding] = useState(false);
  const act = useWrite((verb: BatchVerb) => batchTaskAct(task, verb));
  const titles = new Map(grant.items.map((item) => [item.name, item.title || item.name]));
  const at = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const { mode, schedule } = task;
  const when =
    schedule.kind === "manual"
      ? t("form.schedules.manual")
      : schedule.kind === "daily"
        ? t("schedule.daily", { time: at(schedule.minute) })
        : t("schedule.weekly", { day: t(`weekdays.${schedule.weekday as 1}`), time: at(schedule.minute) });
  return (
    <section aria-label={task.table} className="stack">
      <h3>{task.table}</h3>
      <Facts
        columns={1}
        facts={[
          { term: t("state"), value: t(`states.${task.state}`) },
          { term: t("place"), value: <code className="hash">{task.place}</code> },
          { term: t("form.mode"), value: mode.kind === "full" ? t("mode.full") : t("mode.by", { item: titles.get(mode.change) ?? mode.change }) },
          { term: t("form.schedule"), value: when },
          { term: t("set_up"), value: `${task.set_up.name} · ${moment(task.set_up.at)}` },
          ...(task.changed_at ? [{ term: t("changed"), value: `${task.changed_by ?? t("with_grant")} · ${moment(task.changed_at)}` }] : []),
        ]}
      />
      <span className="row">
        {task.allowed.map((verb) => (
          <Button key={verb} size="small" danger={verb === "end"} aria-label={`${t(`verbs.${verb}`)} ${task.table}`} loading={act.isPending && act.variables === verb} disabled={verb === "run" && goesOn(task.last_run)} onClick={() => (verb === "end" ? setEnding(true) : act.mutate(verb))}>
            {t(`verbs.${verb}`)}
          </Button>
        ))}
      </span>
      {act.error ? <ProblemAlert error={act.error} /> : null}
      {task.last_run ? <Runs task={task} own={own} /> : <p className="muted small">{t("no_runs")}</p>}
      {ending ? <ActDialog title={`${t("verbs.end")} · ${task.table}`} text={t("end_text")} confirm={t("verbs.end")} danger act={() => batchTaskAct(task, "end")} close={() => setEnding(false)} /> : null}
    </section>
  );
}

function Runs({ task, own }: { task: BatchTask; own: boolean }) {
  const { t } = useTranslation("batch");
  const [aside, setAside] = useState<BatchRun | null>(null);
  const [counting, setCounting] = useState<BatchRun | null>(null);
  const last = task.last_run;
  // Asked again whenever the newest run has moved.
  const runs = useQuery({ queryKey: ["batch-runs", task.id, last?.id, last?.state, last?.rows, last?.counted?.digest], queryFn: () => batchRunList(task.id), placeholderData: (before) => before });
  if (runs.isError) return <Failed error={runs.error} />;
  return (
    <>
      <DataTable<BatchRun>
        caption={`${t("runs")} · ${task.table}`}
        rows={runs.data?.items ?? []}
        rowKey={(run) => run.id}
        empty={t("no_runs")}
        columns={[
          { key: "begun", main: true, title: t("begun"), cell: (run) => moment(run.begun_at) },
          { key: "state", title: t("state"), cell: (run) => <RunStanding run={run} /> },
          { key: "rows", title: t("rows"), narrow: true, cell: (run) => count(run.rows) },
          {
            key: "aside",
            title: t("put_aside"),
            narrow: true,
            cell: (run) =>
              run.put_aside > 0 ? (
                <Button size="small" onClick={() => setAside(run)}>
                  {count(run.put_aside)}
                </Button>
              ) : (
                "0"
              ),
          },
          {
            key: "receipt",
            title: t("receipt"),
            cell: (run) =>
              run.receipt ? (
                <Button size="small" onClick={() => saveText(`${run.id}.receipt`, run.receipt ?? "")}>
                  {t("receipt_save")}
                </Button>
              ) : (
                "—"
              ),
          },
          { key: "count", title: t("count.title"), cell: (run) => <RunCount run={run} act={own && run.state === "finished" ? () => setCounting(run) : null} /> },
        ]}
      />
      {counting ? <BatchCountForm task={task} run={counting} close={() => setCounting(null)} /> : null}
      {aside ? <PutAside task={task} run={aside} /> : null}
    </>
  );
}

/** What the receiver counted beside what the node did, and where it says so. */
function RunCount({ run, act }: { run: BatchRun; act: (() => void) | null }) {
  const { t } = useTranslation("batch");
  const { counted } = run;
  const differs = counted?.rows === run.rows ? t("count.digest_differs") : t("count.differs", { rows: count(run.rows), counted: count(counted?.rows ?? 0) });
  return (
    <>
      {counted ? <p className={counted.agrees ? "small" : "small danger"}>{counted.agrees ? t("count.agrees") : differs}</p> : null}
      {act ? (
        <Button size="small" onClick={act}>
          {t("count.act")}
        </Button>
      ) : counted ? null : (
        "—"
      )}
    </>
  );
}

/** How far a run is, or what it came to; why it waits, in the language of the page. */
function RunStanding({ run }: { run: BatchRun }) {
  const { t, i18n } = useTranslation("batch");
  const reason = run.reason ? (i18n.language === "en" ? run.reason.title_en : run.reason.title_zh) : null;
  const minutes = run.seconds_left == null ? null : Math.max(1, Math.ceil(run.seconds_left / 60));
  return (
    <>
      <span className={run.state === "failed" ? "danger" : undefined}>{t(`run_states.${run.state}`)}</span>
      {run.state === "running" && run.rows_estimate ? <span className="muted small"> · {t("of_about", { rows: count(run.rows_estimate) })}</span> : null}
      {run.state === "running" && minutes ? <span className="muted small"> · {t("left", { minutes: count(minutes) })}</span> : null}
      {reason ? <p className="small">{reason}</p> : null}
      {run.next_try_at ? <p className="muted small">{t("next_try", { at: moment(run.next_try_at) })}</p> : null}
      {run.digest ? (
        <p>
          <code className="small digest" title={run.digest}>
            SM3 {run.digest.slice(0, 16)}…
          </code>
        </p>
      ) : null}
    </>
  );
}

/** The rows that were put aside: where and why, never what. */
function PutAside({ task, run }: { task: BatchTask; run: BatchRun }) {
  const { t, i18n } = useTranslation("batch");
  const rows = useQuery({ queryKey: ["batch-aside", run.id], queryFn: () => batchPutAside(task.id, run.id) });
  if (rows.isPending) return <Loading />;
  if (rows.isError) return <Failed error={rows.error} />;
  return (
    <>
      <p className="muted small">{t("aside_lead")}</p>
      <DataTable
        caption={t("put_aside")}
        rows={rows.data.items}
        rowKey={(row) => `${row.key_digest} ${row.item ?? ""}`}
        empty={t("aside_none")}
        columns={[
          { key: "reason", main: true, title: t("reason"), cell: (row) => (i18n.language === "en" ? row.reason.title_en : row.reason.title_zh) },
          { key: "item", title: t("item"), cell: (row) => row.item ?? "—" },
          { key: "key", title: t("key_digest"), cell: (row) => <code className="small digest" title={row.key_digest}>{row.key_digest.slice(0, 16)}…</code> },
        ]}
      />
    </>
  );
}
