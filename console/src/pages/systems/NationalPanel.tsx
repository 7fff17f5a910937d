import { Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { systemNationalEnd, systemNationalSet } from "../../api/calls";
import { useWrite } from "../../api/query";
import type { DepartmentSystem } from "../../api/types";
import { ActDialog } from "../../components/ActDialog";
import { OneTimeSecret } from "../../components/OneTimeSecret";
import { ProblemAlert } from "../../components/ProblemAlert";
import { TextField } from "../../forms/fields";
import { Panel } from "../../ui/Panel";

/** Service codes and grants out of lines of text; what is not of that form the server refuses. */
export const servicesOf = (text: string): { code: string; grant: string }[] =>
  text
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([code]) => code !== "")
    .map(([code = "", grant = ""]) => ({ code, grant }));

/** The national platform's call signature of one system: off, or for these services. */
export function NationalPanel({ system, may }: { system: DepartmentSystem; may: boolean }) {
  const { t } = useTranslation("systems");
  const access = system.national;
  const [requester, setRequester] = useState(access?.requester_code ?? "");
  const [services, setServices] = useState((access?.services ?? []).map((service) => `${service.code} ${service.grant}`).join("\n"));
  const [newKey, setNewKey] = useState(false);
  const [ending, setEnding] = useState(false);
  const [appkey, setAppkey] = useState<string | null>(null);
  const save = useWrite(
    () => systemNationalSet(system.id, { requester_code: requester.trim(), services: servicesOf(services), new_key: newKey }),
    (saved) => {
      setAppkey(saved.appkey ?? null);
      setNewKey(false);
    },
  );
  return (
    <Panel title={t("national")}>
      <div className="stack">
        <p className="muted">{t("national_lead")}</p>
        {access ? null : <p>{t("national_off")}</p>}
        <TextField label={t("national_requester")} maxLength={64} value={requester} onChange={setRequester} />
        <TextField label={t("national_services")} hint={t("national_services_hint")} rows={3} maxLength={10_000} value={services} onChange={setServices} />
        {access ? (
          <Checkbox checked={newKey} disabled={!may} onChange={(event) => setNewKey(event.target.checked)}>
            {t("national_new_key")}
          </Checkbox>
        ) : null}
        {save.error ? <ProblemAlert error={save.error} /> : null}
        {may ? (
          <span className="row">
            <Button loading={save.isPending} onClick={() => save.mutate(undefined)}>
              {t("national_save")}
            </Button>
            {access ? (
              <Button danger onClick={() => setEnding(true)}>
                {t("national_end")}
              </Button>
            ) : null}
          </span>
        ) : null}
      </div>
      {ending ? (
        <ActDialog title={`${t("national_end")} · ${system.name}`} text={t("national_end_text")} confirm={t("national_end")} danger act={() => systemNationalEnd(system.id)} close={() => setEnding(false)} />
      ) : null}
      {appkey ? <OneTimeSecret title={t("appkey_title")} label={t("appkey_title")} secret={appkey} warning={t("appkey_warning")} close={() => setAppkey(null)} /> : null}
    </Panel>
  );
}
