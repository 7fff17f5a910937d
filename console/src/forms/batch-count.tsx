// The receiver's own count of a run: its rows and their digest.
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type BatchRun, type BatchTask, batchCountersign } from "../api/batch";
import { useWrite } from "../api/query";
import { ProblemAlert } from "../components/ProblemAlert";
import { NumberField, TextField } from "./fields";

const DIGEST = /^[0-9a-fA-F]{64}$/;

/** Asks what the receiver counted, and says it. */
export function BatchCountForm({ task, run, close }: { task: BatchTask; run: BatchRun; close: () => void }) {
  const { t } = useTranslation(["batch", "common"]);
  const [rows, setRows] = useState<number | null>(null);
  const [digest, setDigest] = useState("");
  const send = useWrite(() => batchCountersign(task.id, run.id, { rows: rows ?? 0, digest: digest.trim() }), close);
  const ready = rows !== null && DIGEST.test(digest.trim());
  return (
    <Modal open title={t("count.act")} okText={t("count.submit")} cancelText={t("common:cancel")} okButtonProps={{ loading: send.isPending, disabled: !ready }} onOk={() => send.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        <p className="muted">{t("count.lead")}</p>
        <NumberField label={t("count.rows")} required min={0} value={rows} onChange={setRows} />
        <TextField label={t("count.digest")} required maxLength={64} value={digest} onChange={setDigest} />
        {send.error ? <ProblemAlert error={send.error} /> : null}
      </div>
    </Modal>
  );
}
