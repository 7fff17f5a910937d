import { UploadOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Modal, Radio, Select } from "antd";
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

/** Views are written in a form of their own. */
type ConnectedKind = Exclude<SourceKind, "view">;

const KINDS: ConnectedKind[] = ["sqlite", "csv", "postgres"];
const POSTGRES_PORT = 5432;

interface Form {
  name: string;
  kind: ConnectedKind;
  file: string;
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  tls: boolean;
}

/** Connects a file of the intake folder or a PostgreSQL database; its structure is read at once. */
export function SourceConnectForm({ close }: { close: () => void }) {
  const { t } = useTranslation(["sources", "common"]);
  const words = useWords();
  const navigate = useNavigate();
  const [form, setForm] = useState<Form>({ name: "", kind: "sqlite", file: "", host: "", port: POSTGRES_PORT, database: "", user: "", password: "", tls: true });
  const set = (patch: Partial<Form>) => setForm((before) => ({ ...before, ...patch }));
  const connect = useWrite(() => sourceCreate(wanted(form)), (source) => void navigate(paths.source(source.id)));
  return (
    <Modal open title={t("form.title")} okText={t("form.submit")} cancelText={t("common:cancel")} okButtonProps={{ loading: connect.isPending, disabled: !isFilled(form) }} onOk={() => connect.mutate(undefined)} onCancel={close} mask={{ closable: false }} width={560}>
      <div className="stack">
        {connect.error ? <ProblemAlert error={connect.error} /> : null}
        <TextField label={t("form.name")} hint={t("form.name_hint")} required maxLength={64} value={form.name} onChange={(name) => set({ name })} />
        <fieldset className="field">
          <legend className="field-label">{t("form.kind")}</legend>
          <Radio.Group value={form.kind} onChange={(event) => set({ kind: event.target.value as ConnectedKind, file: "" })} options={KINDS.map((kind) => ({ value: kind, label: words("source_kind", kind) }))} />
        </fieldset>
        {form.kind === "postgres" ? <DatabaseFields form={form} set={set} /> : <FileFields form={form} set={set} />}
      </div>
    </Modal>
  );
}

interface PartProps {
  form: Form;
  set: (patch: Partial<Form>) => void;
}

/** Only what belongs to the kind is sent. */
function wanted({ name, kind, file, host, port, database, user, password, tls }: Form): SourceNew {
  return kind === "postgres" ? { name, kind, host, port, database, user, password, tls } : { name, kind, file };
}

function isFilled(form: Form): boolean {
  const location = form.kind === "postgres" ? form.host && form.port && form.database && form.user : form.file;
  return form.name.trim() !== "" && Boolean(location);
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
        <NumberField label={t("form.port")} required max={65_535} value={form.port} onChange={(port) => set({ port: port ?? POSTGRES_PORT })} />
        <TextField label={t("form.database")} required value={form.database} onChange={(database) => set({ database })} />
        <TextField label={t("form.user")} required value={form.user} onChange={(user) => set({ user })} />
      </div>
      <Field label={t("form.password")} hint={t("form.sealed")}>
        {({ status, ...control }) => <Input.Password {...control} status={status} autoComplete="off" value={form.password} onChange={(event) => set({ password: event.target.value })} />}
      </Field>
      <Checkbox checked={form.tls} onChange={(event) => set({ tls: event.target.checked })}>
        {t("form.tls")}
      </Checkbox>
    </>
  );
}
