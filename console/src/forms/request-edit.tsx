import { Alert, Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { requestCreate, requestPut, requestSubmit } from "../api/calls";
import { fieldProblemText, problemFrom } from "../api/problem";
import { useWrite } from "../api/query";
import type { Entry, RequestContent, SharingRequest } from "../api/types";
import { useFieldName } from "../components/useFieldName";
import { PageHead } from "../components/PageHead";
import { ProblemAlert } from "../components/ProblemAlert";
import { useSession } from "../components/RequireSession";
import { Precheck } from "../pages/requests/RequestContentView";
import { paths } from "../paths";
import { FieldGroup } from "../ui/Field";
import { Panel } from "../ui/Panel";
import { BasisFields, TextField } from "./fields";
import { HowFields, WhatFields } from "./request-parts";

const TEXT_MAX = 2000;
export const DEFAULTS = { calls_per_second: 5, rows_per_call: 100, rows_per_day: 10_000 };

export interface RequestPartProps {
  entry: Entry;
  content: RequestContent;
  change: (patch: Partial<RequestContent>) => void;
  problem: (field: string) => string | null;
}

export function emptyContent(entry: Entry, contact: string): RequestContent {
  const { limits } = entry;
  return {
    entry: entry.id,
    basis: { rank: "law", title: "", article: "" },
    scenario: "",
    scope_of_use: "",
    purpose: "",
    items: [],
    rows: [],
    method: entry.methods[0] ?? null,
    systems: [],
    calls_per_second: Math.min(DEFAULTS.calls_per_second, limits?.calls_per_second_max ?? DEFAULTS.calls_per_second),
    rows_per_call: Math.min(DEFAULTS.rows_per_call, limits?.rows_per_call_max ?? DEFAULTS.rows_per_call),
    rows_per_day: Math.min(DEFAULTS.rows_per_day, limits?.rows_per_day_max ?? DEFAULTS.rows_per_day),
    valid_from: null,
    valid_until: null,
    safeguards: "",
    contact: { name: contact, phone: "" },
    attestation: false,
  };
}

/** The part of a request that its drafter writes. */
function contentOf(request: SharingRequest): RequestContent {
  const { entry, basis, scenario, scope_of_use, purpose, items, rows, method, systems, calls_per_second, rows_per_call, rows_per_day, valid_from, valid_until, safeguards, contact, attestation } = request;
  return { entry, basis, scenario, scope_of_use, purpose, items, rows, method, systems, calls_per_second, rows_per_call, rows_per_day, valid_from, valid_until, safeguards, contact, attestation };
}

/** The application on one screen. Whether it is complete the server says, everything at once. */
export function RequestForm({ entry, request }: { entry: Entry; request: SharingRequest | null }) {
  const { t } = useTranslation(["requests", "common"]);
  const navigate = useNavigate();
  const { person } = useSession();
  const [content, setContent] = useState(() => (request ? contentOf(request) : emptyContent(entry, person.name)));
  const [saved, setSaved] = useState(request);
  const change = (patch: Partial<RequestContent>) => setContent((before) => ({ ...before, ...patch }));
  const store = () => (saved ? requestPut(saved, content) : requestCreate(content));
  const save = useWrite(store, setSaved);
  const submit = useWrite(async () => {
    const stored = await store();
    setSaved(stored);
    return requestSubmit(stored);
  }, (done) => void navigate(paths.request(done.id)));
  const error = submit.error ?? save.error;
  const problems = error ? (problemFrom(error).problems ?? []) : (saved?.completeness.problems ?? []);
  const problem = (field: string) => (problems.some((each) => each.field?.startsWith(field)) ? t("common:required_look") : null);
  const part: RequestPartProps = { entry, content, change, problem };
  const isDraft = saved === null || saved.allowed.includes("submit");
  return (
    <>
      <PageHead title={request ? t("form.title_edit", { name: entry.name }) : t("form.title_new", { name: entry.name })} lead={t("form.lead")} trail={[{ to: paths.entry(entry.id), text: entry.name }]} />
      <div className="columns columns-main dense">
        <div>
          <Panel title={t("form.why")}>
            <WhyFields {...part} />
          </Panel>
          <Panel title={t("form.what")}>
            <WhatFields {...part} />
          </Panel>
          <Panel title={t("form.how")}>
            <HowFields {...part} />
          </Panel>
        </div>
        <div className="side-column">
          <Panel title={t("form.safety")} tone="accent">
            <SafetyFields {...part} />
            {error ? <ProblemAlert error={error} /> : null}
            {save.isSuccess && !error ? <Alert type="success" showIcon title={t("form.saved")} className="gap" /> : null}
            <div className="act-buttons">
              {isDraft ? (
                <Button type="primary" size="large" block loading={submit.isPending} onClick={() => submit.mutate(undefined)}>
                  {t("form.submit")}
                </Button>
              ) : null}
              <Button block loading={save.isPending} onClick={() => save.mutate(undefined)}>
                {t("form.save")}
              </Button>
            </div>
          </Panel>
          <Panel title={t("form.precheck")}>
            {saved ? <Check request={saved} entry={entry} /> : <p className="muted">{t("form.precheck_none")}</p>}
          </Panel>
        </div>
      </div>
    </>
  );
}

/** What is still missing, all at once, and what the precheck found. */
function Check({ request, entry }: { request: SharingRequest; entry: Entry }) {
  const { t } = useTranslation("requests");
  const fieldName = useFieldName(entry.items);
  const { problems } = request.completeness;
  if (problems.length === 0 && request.precheck.length === 0) return <p className="muted">{t("detail.precheck_fine")}</p>;
  return (
    <>
      <ul className="problem-list">
        {problems.map((each) => (
          <li key={`${each.field}-${each.code}`}>
            <b>{fieldName(each.field)}</b>：{fieldProblemText(each)}
          </li>
        ))}
      </ul>
      <Precheck request={request} />
    </>
  );
}

export function WhyFields({ entry, content, change, problem }: Omit<RequestPartProps, "entry"> & { entry: Entry | null }) {
  const { t } = useTranslation(["requests", "common"]);
  const purposes = entry?.conditions?.purposes ?? [];
  return (
    <div className="field-grid three">
      <BasisFields value={content.basis} problem={problem("basis")} onChange={(basis) => change({ basis })} />
      <TextField label={t("form.scenario")} required problem={problem("scenario")} value={content.scenario} onChange={(scenario) => change({ scenario })} />
      <TextField label={t("form.scope")} required problem={problem("scope_of_use")} value={content.scope_of_use} onChange={(scope_of_use) => change({ scope_of_use })} />
      <TextField
        label={t("form.purpose")}
        required
        problem={problem("purpose")}
        hint={purposes.length > 0 ? `${t("form.purpose_offered")}：${purposes.join("；")}` : undefined}
        maxLength={TEXT_MAX}
        value={content.purpose}
        onChange={(purpose) => change({ purpose })}
      />
    </div>
  );
}

export function SafetyFields({ content, change, problem }: Omit<RequestPartProps, "entry">) {
  const { t } = useTranslation(["requests", "common"]);
  const contact = content.contact ?? { name: "", phone: "" };
  return (
    <FieldGroup title={t("form.safety")}>
      <TextField label={t("form.safeguards")} required wide rows={3} maxLength={TEXT_MAX} problem={problem("safeguards")} value={content.safeguards} onChange={(safeguards) => change({ safeguards })} />
      <TextField label={t("form.contact")} required problem={problem("contact")} value={contact.name} onChange={(name) => change({ contact: { ...contact, name } })} />
      <TextField label={t("form.phone")} required value={contact.phone} onChange={(phone) => change({ contact: { ...contact, phone } })} />
      <Checkbox className="wide attest" checked={content.attestation} onChange={(event) => change({ attestation: event.target.checked })}>
        {t("form.attest")}
      </Checkbox>
    </FieldGroup>
  );
}
