import { UploadOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal, Select } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { intakeList, intakePut, sourceCreate } from "../api/calls";
import { useWrite } from "../api/query";
import type { SourceKind, SourceNew } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { bytes } from "../i18n/format";
import { useWords } from "../i18n/words";
import { paths } from "../paths";
import { Field } from "../ui/Field";
import { NumberField, TextField } from "./fields";
import { EMPTY_SERVICE, isServiceFilled, ServiceFields } from "./source-service";

/** Views are written in a form of their own. */
type ConnectedKind = Exclude<SourceKind, "view">;
/** Every kind, in the groups in which a person looks for it. */
const GROUPS = {
  files: ["sqlite", "csv", "workbook", "json_lines", "parquet"],
  databases: ["postgres", "mysql", "odbc"],
  services: ["http"],
} as const satisfies Record<string, readonly ConnectedKind[]>;
/** Kinds that are reached over the network, and the port each usually listens on. */
const PORTS = { postgres: 5432, mysql: 3306 } as const;

type DatabaseKind = keyof typeof PORTS;

function isDatabase(kind: ConnectedKind): kind is DatabaseKind {
  return kind in PORTS;
}

/** The port the new kind usually has, unless another than the old kind's was typed. */
function portFor(kind: ConnectedKind, form: Form): number {
  const untouched = Object.values<number>(PORTS).includes(form.port);
  return isDatabase(kind) && untouched ? PORTS[kind] : form.port;
}

interface Form {
  name: string;
  kind: ConnectedKind;
  file: string;
  dsn: string;
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  tls: boolean;
  service: typeof EMPTY_SERVICE;
}

/** Connects a file of the intake folder, a database or a service; its structure is read at once. */
export function SourceConnectForm({ close }: { close: () => void }) {
  const { t } = useTranslation(["sources", "common"]);
  const words = useWords();
  const navigate = useNavigate();
  const [form, setForm] = useState<Form>({ name: "", kind: "sqlite", file: "", dsn: "", host: "", port: PORTS.postgres, database: "", user: "", password: "", tls: true, service: EMPTY_SERVICE });
  const set = (patch: Partial<Form>) => setForm((before) => ({ ...before, ...patch }));
  const choose = (kind: ConnectedKind) => set({ kind, file: "", port: portFor(kind, form) });
  const connect = useWrite(() => sourceCreate(wanted(form)), (source) => void navigate(paths.source(source.id)));
  return (
    <Modal open title={t("form.title")} okText={t("form.submit")} cancelText={t("common:cancel")} okButtonProps={{ loading: connect.isPending, disabled: !isFilled(form) }} onOk={() => connect.mutate(undefined)} onCancel={close} mask={{ closable: false }} width={560}>
      <div className="stack">
        {connect.error ? <ProblemAlert error={connect.error} /> : null}
        <TextField label={t("form.name")} hint={t("form.name_hint")} required maxLength={64} value={form.name} onChange={(name) => set({ name })} />
        <Field label={t("form.kind")} required>
          {(control) => <Select<ConnectedKind> {...control} className="full" virtual={false} listHeight={420} value={form.kind} onChange={choose} options={(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => ({ label: t(`kinds.${group}`), options: GROUPS[group].map((kind) => ({ value: kind, label: words("source_kind", kind) })) }))} />}
        </Field>
        {isDatabase(form.kind) ? <DatabaseFields form={form} set={set} /> : form.kind === "http" ? <ServiceFields service={form.service} set={(patch) => set({ service: { ...form.service, ...patch } })} /> : form.kind === "odbc" ? <OdbcFields form={form} set={set} /> : <FileFields form={form} set={set} />}
      </div>
    </Modal>
  );
}

interface PartProps {
  form: Form;
  set: (patch: Partial<Form>) => void;
}

/** Only what belongs to the kind is sent. */
function wanted({ name, kind, file, dsn, host, port, database, user, password, tls, service }: Form): SourceNew {
  if (kind === "odbc") return { name, kind, dsn, user, password };
  if (kind === "http") return { name, kind, service };
  return isDatabase(kind) ? { name, kind, host, port, database, user, password, tls } : { name, kind, file };
}

function isFilled(form: Form): boolean {
  return form.name.trim() !== "" && isPlaceFilled(form);
}

function isPlaceFilled(form: Form): boolean {
  if (isDatabase(form.kind)) return Boolean(form.host && form.port && form.database && form.user);
  if (form.kind === "http") return isServiceFilled(form.service);
  return Boolean(form.kind === "odbc" ? form.dsn : form.file);
}

function FileFields({ form, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const files = useQuery({ queryKey: ["intake"], queryFn: intakeList });
  const upload = useMutation({
    mutationFn: intakePut,
    onSuccess: async (_, file) => {
      await client.invalidateQueries({ queryKey: ["intake"] });
      set({ file: file.name });
    },
  });
  const options = (files.data?.items ?? []).map((file) => ({ value: file.name, label: `${file.name}（${bytes(file.bytes)}）` }));
  return (
    <>
      <Field label={t("form.file")} required>
        {(control) => <Select {...control} className="full" value={form.file || undefined} placeholder={options.length === 0 ? t("form.no_file") : undefined} onChange={(file: string) => set({ file })} options={options} />}
      </Field>
      <div>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={t("form.upload")}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) upload.mutate(file);
          }}
        />
        <Button icon={<UploadOutlined aria-hidden="true" />} loading={upload.isPending} onClick={() => input.current?.click()}>
          {upload.isPending ? t("form.uploading") : t("form.upload")}
        </Button>
      </div>
      {upload.error ? <ProblemAlert error={upload.error} /> : null}
    </>
  );
}

function DatabaseFields({ form, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  return (
    <>
      <div className="field-grid">
        <TextField label={t("form.host")} required value={form.host} onChange={(host) => set({ host })} />
        <NumberField label={t("form.port")} required max={65_535} value={form.port} onChange={(port) => set({ port: port ?? portFor(form.kind, { ...form, port: PORTS.postgres }) })} />
        <TextField label={t("form.database")} required value={form.database} onChange={(database) => set({ database })} />
        <TextField label={t("form.user")} required value={form.user} onChange={(user) => set({ user })} />
      </div>
      <PasswordField form={form} set={set} />
      <Checkbox checked={form.tls} onChange={(event) => set({ tls: event.target.checked })}>
        {t("form.tls")}
      </Checkbox>
    </>
  );
}

/** A data source that the node's administrator has set up; it may bring its own login. */
function OdbcFields({ form, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  return (
    <>
      <TextField label={t("form.dsn")} hint={t("form.dsn_hint")} required value={form.dsn} onChange={(dsn) => set({ dsn })} />
      <TextField label={t("form.user")} value={form.user} onChange={(user) => set({ user })} />
      <PasswordField form={form} set={set} />
    </>
  );
}

function PasswordField({ form, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  return (
    <Field label={t("form.password")} hint={t("form.sealed")}>
      {({ status, ...control }) => <Input.Password {...control} status={status} autoComplete="off" value={form.password} onChange={(event) => set({ password: event.target.value })} />}
    </Field>
  );
}
