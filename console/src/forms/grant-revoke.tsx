import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { grantRevoke } from "../api/calls";
import { useWrite } from "../api/query";
import type { Grant, RevocationGround } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { ChoiceField, TextField } from "./fields";

const GROUNDS = ["misuse", "purpose_ended", "negotiated"] as const;

/** Ends a grant before its time, with its ground. */
export function GrantRevoke({ grant, close }: { grant: Grant; close: () => void }) {
  const { t } = useTranslation(["grants", "common"]);
  const [kind, setKind] = useState<RevocationGround["kind"]>("purpose_ended");
  const [text, setText] = useState("");
  const [filing, setFiling] = useState("");
  const ground: RevocationGround = kind === "negotiated" ? { kind, text: text.trim(), filing_number: filing.trim() } : { kind, text: text.trim() };
  const revoke = useWrite(() => grantRevoke(grant, ground), close);
  return (
    <Modal open title={`${t("revoke.title")} · ${grant.number}`} okText={t("revoke.title")} cancelText={t("common:cancel")} okButtonProps={{ danger: true, loading: revoke.isPending, disabled: text.trim() === "" }} onOk={() => revoke.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        <p>{t("revoke.text")}</p>
        <ChoiceField label={t("revoke.kind")} required list="revoke_ground" values={GROUNDS} value={kind} onChange={setKind} />
        <TextField label={t("revoke.words")} required rows={3} maxLength={2000} value={text} onChange={setText} />
        {kind === "negotiated" ? <TextField label={t("revoke.filing")} required value={filing} onChange={setFiling} /> : null}
        {revoke.error ? <ProblemAlert error={revoke.error} /> : null}
      </div>
    </Modal>
  );
}
