import { Modal } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { calendarNoticeAdd } from "../api/calls";
import { useWrite } from "../api/query";
import { ProblemAlert } from "../components/ProblemAlert";
import { NumberField, TextField } from "./fields";

/** Days out of a text: dates of ISO 8601 between anything else. */
const datesOf = (text: string): string[] => text.match(/\d{4}-\d{2}-\d{2}/g) ?? [];

/** A notice, entered day by day as it says; with a region code it counts there only. */
export function NoticeAddForm({ close }: { close: () => void }) {
  const { t } = useTranslation(["clocks", "common"]);
  const [form, setForm] = useState({ year: dayjs().year() + 1, region: "", number: "", url: "", off: "", work: "" });
  const set = (patch: Partial<typeof form>) => setForm((before) => ({ ...before, ...patch }));
  const region = form.region.trim();
  const add = useWrite(
    () =>
      calendarNoticeAdd({
        year: region ? null : form.year,
        region_code: region || null,
        number: form.number.trim(),
        url: form.url.trim(),
        off: datesOf(form.off),
        work: datesOf(form.work),
      }),
    close,
  );
  return (
    <Modal open title={t("notice.add")} okText={t("notice.add")} cancelText={t("common:cancel")} okButtonProps={{ loading: add.isPending, disabled: form.number.trim() === "" }} onOk={() => add.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        {add.error ? <ProblemAlert error={add.error} /> : null}
        <p className="muted">{t("notice.hint")}</p>
        <TextField label={t("notice.number")} required maxLength={60} value={form.number} onChange={(number) => set({ number })} />
        <TextField label={t("notice.url")} maxLength={300} value={form.url} onChange={(url) => set({ url })} />
        <NumberField label={t("notice.year")} min={1970} max={9999} value={form.year} onChange={(year) => set({ year: year ?? form.year })} />
        <TextField label={t("calendar.region")} hint={t("notice.region_hint")} maxLength={12} value={form.region} onChange={(code) => set({ region: code })} />
        <TextField label={t("notice.off")} hint={t("notice.days_hint")} rows={3} maxLength={2000} value={form.off} onChange={(off) => set({ off })} />
        <TextField label={t("notice.work")} hint={t("notice.days_hint")} rows={2} maxLength={2000} value={form.work} onChange={(work) => set({ work })} />
      </div>
    </Modal>
  );
}
