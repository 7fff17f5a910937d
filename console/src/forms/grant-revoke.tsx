import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { grantRevoke } from "../api/calls";
import { useWrite } from "../api/query";
import type { Grant } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { TextField } from "./fields";

/** Ends a grant because its purpose has ended. Misuse and an end by agreement are cases of their own. */
export function GrantRevoke({ grant, close }: { grant: Grant; close: () => void }) {
  const { t } = useTranslation(["grants", "common"]);
  const [text, setText] = useState("");
  const revoke = useWrite(() => grantRevoke(grant, { kind: "purpose_ended", text: text.trim() }), close);
  return (
    <Modal open title={`${t("revoke.title")} · ${grant.number}`} okText={t("revoke.title")} cancelText={t("common:cancel")} okButtonProps={{ danger: true, loading: revoke.isPending, disabled: text.trim() === "" }} onOk={() => revoke.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        <p>{t("revoke.text")}</p>
        <TextField label={t("revoke.words")} required rows={3} maxLength={2000} value={text} onChange={setText} />
        {revoke.error ? <ProblemAlert error={revoke.error} /> : null}
      </div>
    </Modal>
  );
}
