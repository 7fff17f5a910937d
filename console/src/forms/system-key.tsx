import { Modal } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { systemKeyAdd } from "../api/calls";
import { useWrite } from "../api/query";
import type { DepartmentSystem, SystemKeyNew } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { DateField, TextField } from "./fields";

/** The public key in a text, or null when it is none. What else stands in it, a private part too, the server judges. */
export function jwkOf(text: string): SystemKeyNew["jwk"] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null) return null;
    const { kty, crv, x } = parsed as Record<string, unknown>;
    return typeof kty === "string" && typeof crv === "string" && typeof x === "string" ? (parsed as SystemKeyNew["jwk"]) : null;
  } catch {
    return null;
  }
}

/** A public key to be registered: its name, the key as JSON, the last day of its time. */
export function SystemKeyForm({ system, close }: { system: DepartmentSystem; close: () => void }) {
  const { t } = useTranslation(["systems", "common"]);
  const [kid, setKid] = useState("");
  const [text, setText] = useState("");
  const [until, setUntil] = useState<string | null>(dayjs().add(1, "year").format("YYYY-MM-DD"));
  const jwk = jwkOf(text);
  const add = useWrite((key: SystemKeyNew) => systemKeyAdd(system.id, key), close);
  const ready = jwk !== null && kid.trim() !== "" && until !== null;
  return (
    <Modal
      open
      title={`${t("key_add")} · ${system.name}`}
      okText={t("key_add")}
      cancelText={t("common:cancel")}
      okButtonProps={{ loading: add.isPending, disabled: !ready }}
      onOk={() => {
        if (jwk && until) add.mutate({ kid: kid.trim(), jwk, until });
      }}
      onCancel={close}
      mask={{ closable: false }}
    >
      <div className="stack">
        {add.error ? <ProblemAlert error={add.error} /> : null}
        <TextField label={t("kid")} hint={t("kid_hint")} required maxLength={64} value={kid} onChange={setKid} />
        <TextField label={t("jwk")} hint={t("jwk_hint")} required rows={5} maxLength={2000} value={text} onChange={setText} problem={text !== "" && !jwk ? t("jwk_broken") : null} />
        <DateField label={t("until")} hint={t("until_hint")} required value={until} onChange={setUntil} />
      </div>
    </Modal>
  );
}
