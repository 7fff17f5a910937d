import { useQuery } from "@tanstack/react-query";
import { Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { organisationsList, personCreate } from "../api/calls";
import { useWrite } from "../api/query";
import type { Person, Role } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { Field } from "../ui/Field";
import { ManyField, TextField } from "./fields";

const ROLES: Role[] = ["data_officer", "office_head", "department_head", "authority_officer", "developer", "auditor", "inspector", "system_administrator", "security_administrator", "contractor"];

/** A new account. Its password is set by the person, through a link that is shown once. */
export function PersonCreateForm({ close, created }: { close: () => void; created: (person: Person) => void }) {
  const { t } = useTranslation(["admin", "common"]);
  const [form, setForm] = useState({ name: "", login: "", organisation: "", roles: [] as Role[] });
  const set = (patch: Partial<typeof form>) => setForm((before) => ({ ...before, ...patch }));
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: () => organisationsList() });
  const create = useWrite(() => personCreate(form), (person) => {
    close();
    created(person);
  });
  const isFilled = form.name.trim() !== "" && form.login.trim() !== "" && form.organisation !== "" && form.roles.length > 0;
  return (
    <Modal open title={t("people.create")} okText={t("people.create")} cancelText={t("common:cancel")} okButtonProps={{ loading: create.isPending, disabled: !isFilled }} onOk={() => create.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        {create.error ? <ProblemAlert error={create.error} /> : null}
        <TextField label={t("people.name")} required maxLength={64} value={form.name} onChange={(name) => set({ name })} />
        <TextField label={t("people.login")} required maxLength={64} value={form.login} onChange={(login) => set({ login })} />
        <Field label={t("people.organisation")} required>
          {(control) => (
            <Select {...control} className="full" showSearch={{ optionFilterProp: "label" }} value={form.organisation || undefined} onChange={(organisation: string) => set({ organisation })} options={(organisations.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))} />
          )}
        </Field>
        <ManyField label={t("people.roles")} required list="role" values={ROLES} value={form.roles} onChange={(roles) => set({ roles })} />
      </div>
    </Modal>
  );
}
