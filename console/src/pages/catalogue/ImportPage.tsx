import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Select } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { entriesImport, entriesImportReport } from "../../api/calls";
import type { ImportedEntry, ImportProblem, ImportReport } from "../../api/types";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useArticle } from "../../i18n/article";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Field } from "../../ui/Field";
import { Panel } from "../../ui/Panel";
import { saveBlob } from "../../ui/save";

const PROFILES = ["dsg-2026", "dsg-info-2026", "guide-2017", "province-2026", "credit-719", "shuqiao-1"] as const;
type Profile = (typeof PROFILES)[number];

/** A file is looked at first; drafts are made only from a file whose report the reader has seen. */
export function ImportPage() {
  const { t } = useTranslation(["catalogue", "common"]);
  const [profile, setProfile] = useState<Profile>("dsg-2026");
  const [file, setFile] = useState<File | null>(null);
  const run = useMutation({
    mutationFn: ({ chosen, check }: { chosen: File; check: boolean }) => entriesImport(profile, chosen, check),
  });
  const checked = run.variables?.check ?? true;
  return (
    <>
      <PageHead title={t("import.title")} lead={t("import.lead")} trail={[{ to: paths.ownEntries, text: t("own.title") }]} />
      <Panel title={t("import.choose")}>
        <div className="stack">
          <Choice
            profile={profile}
            file={file}
            choose={(nextProfile, nextFile) => {
              setProfile(nextProfile);
              setFile(nextFile);
              run.reset();
            }}
          />
          <div>
            <Button type="primary" disabled={!file} loading={run.isPending && checked} onClick={() => file && run.mutate({ chosen: file, check: true })}>
              {t("import.check")}
            </Button>
          </div>
          {run.error ? <ProblemAlert error={run.error} /> : null}
        </div>
      </Panel>
      {run.data && file ? (
        <>
          <Summary report={run.data} checked={checked} />
          <Next report={run.data} checked={checked} pending={run.isPending} profile={profile} file={file} create={() => run.mutate({ chosen: file, check: false })} />
          <Problems problems={run.data.problems} />
          <Entries entries={run.data.entries} />
        </>
      ) : null}
    </>
  );
}

interface ChoiceProps {
  profile: Profile;
  file: File | null;
  choose: (profile: Profile, file: File | null) => void;
}

/** Which form, which file. */
function Choice({ profile, file, choose }: ChoiceProps) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Field label={t("import.profile")} required hint={t("import.profile_hint")}>
        {(control) => (
          <Select<Profile> {...control} className="full" value={profile} onChange={(next) => choose(next, file)} options={PROFILES.map((each) => ({ value: each, label: words("import_profile", each) }))} />
        )}
      </Field>
      <div>
        <input
          ref={input}
          type="file"
          hidden
          accept=".xlsx,.csv"
          aria-label={t("import.file")}
          onChange={(event) => {
            choose(profile, event.target.files?.[0] ?? null);
            // The same file, changed meanwhile, can be chosen again.
            event.target.value = "";
          }}
        />
        <Button icon={<UploadOutlined aria-hidden="true" />} onClick={() => input.current?.click()}>
          {file ? file.name : t("import.file")}
        </Button>
      </div>
    </>
  );
}

interface NextProps {
  report: ImportReport;
  checked: boolean;
  pending: boolean;
  profile: Profile;
  file: File;
  create: () => void;
}

/** What can be done with a file that was looked at. */
function Next({ report, checked, pending, profile, file, create }: NextProps) {
  const { t } = useTranslation("catalogue");
  const ready = report.entries.filter((entry) => entry.outcome === "ready").length;
  const remarked = useMutation({
    mutationFn: () => entriesImportReport(profile, file),
    onSuccess: (blob) => saveBlob("import-report.xlsx", blob),
  });
  return (
    <div className="stack">
      <div>
        {checked && ready > 0 ? (
          <Button type="primary" loading={pending} onClick={create}>
            {t("import.create", { count: ready })}
          </Button>
        ) : null}{" "}
        {report.problems.length > 0 ? (
          <Button icon={<DownloadOutlined aria-hidden="true" />} loading={remarked.isPending} onClick={() => remarked.mutate()}>
            {t("import.report")}
          </Button>
        ) : null}
      </div>
      {remarked.error ? <ProblemAlert error={remarked.error} /> : null}
    </div>
  );
}

function Summary({ report, checked }: { report: ImportReport; checked: boolean }) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  const of = (outcome: string) => report.entries.filter((entry) => entry.outcome === outcome).length;
  const title = checked
    ? t("import.found", { entries: report.entries.length, ready: of("ready"), refused: of("refused") })
    : t("import.done", { created: of("created"), refused: of("refused") });
  return (
    <Alert
      role="status"
      showIcon
      type={of("refused") > 0 ? "warning" : "success"}
      title={title}
      description={
        report.notes.length > 0 ? (
          <ul>
            {report.notes.map((note) => (
              <li key={`${note.code} ${note.sheet} ${note.detail}`}>
                {words("import_note", note.code)} · {note.sheet} · {note.detail}
              </li>
            ))}
          </ul>
        ) : undefined
      }
    />
  );
}

function Problems({ problems }: { problems: ImportProblem[] }) {
  const { t, i18n } = useTranslation("catalogue");
  const words = useWords();
  const inWords = useArticle();
  const english = i18n.language === "en";
  const rows = problems.map((problem, at) => ({ ...problem, at }));
  return (
    <Panel title={t("import.problems", { count: problems.length })} flush>
      <DataTable
        caption={t("import.problems", { count: problems.length })}
        rows={rows}
        rowKey={(row) => String(row.at)}
        empty={t("import.no_problems")}
        columns={[
          { key: "place", title: t("import.place"), main: true, cell: (row) => `${row.sheet} ${row.column ?? ""}${row.row}` },
          { key: "field", title: t("import.field"), cell: (row) => words("import_field", row.field) },
          { key: "what", title: t("import.what"), cell: (row) => <What problem={row} title={english ? row.title_en : row.title_zh} /> },
          { key: "article", title: t("import.article"), narrow: true, cell: (row) => (row.article ? inWords(row.article) : "—") },
          { key: "weight", title: t("import.weight"), narrow: true, cell: (row) => t(row.fatal ? "import.refuses" : "import.look") },
        ]}
      />
    </Panel>
  );
}

function What({ problem, title }: { problem: ImportProblem; title: string }) {
  const { entry, name, ...others } = problem.params;
  const detail = Object.values(others).filter((value) => value !== "");
  return (
    <>
      {title}
      {detail.length > 0 ? `：${detail.join(" · ")}` : null}
      {entry ? (
        <>
          {" "}
          <Link to={paths.entry(entry)}>{name || entry}</Link>
        </>
      ) : name ? (
        `：${name}`
      ) : null}
    </>
  );
}

function Entries({ entries }: { entries: ImportedEntry[] }) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  return (
    <Panel title={t("import.entries", { count: entries.length })} flush>
      <DataTable
        caption={t("import.entries", { count: entries.length })}
        rows={entries}
        rowKey={(row) => `${row.sheet} ${row.row}`}
        empty={t("import.no_entries")}
        columns={[
          { key: "row", title: t("import.row"), narrow: true, align: "end", cell: (row) => row.row },
          { key: "name", title: t("name"), main: true, cell: (row) => (row.id ? <Link to={paths.entry(row.id)}>{row.name}</Link> : row.name || "—") },
          { key: "items", title: t("import.items"), narrow: true, align: "end", cell: (row) => row.items },
          { key: "outcome", title: t("import.outcome"), narrow: true, cell: (row) => words("import_outcome", row.outcome) },
          { key: "lacks", title: t("import.lacks"), narrow: true, align: "end", cell: (row) => row.lacks },
        ]}
      />
    </Panel>
  );
}
