import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { organisationCreate } from "../api/calls";
import { useWrite } from "../api/query";
import type { OrganisationKind } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { useSession } from "../components/RequireSession";
import { ChoiceField, TextField } from "./fields";

const KINDS = ["department", "authorised_organisation", "sharing_authority"] as const;
const LEVELS = ["nation", "ministry", "province", "city", "county", "township"] as const;

export function OrganisationCreateForm({ close }: { close: () => void }) {
  const { t } = useTranslation(["admin", "common"]);
  const { node } = useSession();
  const [form, setForm] = useState({ name: "", short_name: "", kind: "department" as OrganisationKind, level: node.level, region_code: node.region_code, code: "" });
  const set = (patch: Partial<typeof form>) => setForm((before) => ({ ...before, ...patch }));
  const create = useWrite(() => organisationCreate({ ...form, short_name: form.short_name || form.name, code: form.code || null }), close);
  return (
    <Modal open title={t("organisations.create")} okText={t("organisations.create")} cancelText={t("common:cancel")} okButtonProps={{ loading: create.isPending, disabled: form.name.trim() === "" }} onOk={() => create.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        {create.error ? <ProblemAlert error={create.error} /> : null}
        <TextField label={t("organisations.name")} required maxLength={100} value={form.name} onChange={(name) => set({ name })} />
        <TextField label={t("organisations.short_name")} maxLength={32} value={form.short_name} onChange={(short_name) => set({ short_name })} />
        <ChoiceField label={t("organisations.kind")} required list="organisation_kind" values={KINDS} value={form.kind} onChange={(kind) => set({ kind })} />
        <ChoiceField label={t("organisations.level")} required list="level" values={LEVELS} value={form.level} onChange={(level) => set({ level })} />
        <TextField label={t("organisations.region")} required maxLength={12} value={form.region_code} onChange={(region_code) => set({ region_code })} />
        <TextField label={t("organisations.code")} maxLength={18} value={form.code} onChange={(code) => set({ code })} />
      </div>
    </Modal>
  );
}
