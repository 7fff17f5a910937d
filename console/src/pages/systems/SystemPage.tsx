import { Button, Checkbox } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { systemCallingSet, systemKeyRetire, systemsList } from "../../api/calls";
import { useWrite } from "../../api/query";
import type { DepartmentSystem, SystemKey } from "../../api/types";
import { ActDialog } from "../../components/ActDialog";
import { Failed } from "../../components/Failed";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { TextField } from "../../forms/fields";
import { SystemKeyForm } from "../../forms/system-key";
import { day, moment } from "../../i18n/format";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { NotFoundPage } from "../NotFoundPage";
import { NationalPanel } from "./NationalPanel";

/** What one system proves itself with: its public keys, its addresses, whether it must sign. */
export function SystemPage() {
  const { id = "" } = useParams();
  const list = useItems(["systems"], systemsList);
  if (list.error) return <Failed error={list.error} />;
  const system = list.rows.find((row) => row.id === id);
  if (!system) return list.isPending ? null : <NotFoundPage />;
  return <OneSystem system={system} />;
}

function OneSystem({ system }: { system: DepartmentSystem }) {
  const may = useMayIdentify(system);
  return (
    <>
      <PageHead title={system.name} lead={<code className="hash">{system.id}</code>} />
      <Keys system={system} may={may} />
      <Calling key={system.id} system={system} may={may} />
      <NationalPanel key={`national-${system.id}`} system={system} may={may} />
    </>
  );
}

function useMayIdentify(system: DepartmentSystem): boolean {
  const { can } = useSession();
  return system.state === "active" && can.includes("system_identify");
}

function Keys({ system, may }: { system: DepartmentSystem; may: boolean }) {
  const { t } = useTranslation("systems");
  const [adding, setAdding] = useState(false);
  const [retiring, setRetiring] = useState<SystemKey | null>(null);
  const isOver = (key: SystemKey) => new Date(key.not_after).getTime() <= Date.now();
  return (
    <Panel title={t("keys")} extra={may ? <Button onClick={() => setAdding(true)}>{t("key_add")}</Button> : undefined}>
      <p className="muted">{t("keys_lead")}</p>
      <DataTable
        caption={t("keys")}
        rows={system.keys}
        rowKey={(key) => key.kid}
        empty={t("keys_none")}
        columns={[
          { key: "kid", title: t("kid"), main: true, cell: (key) => key.kid },
          { key: "curve", title: t("curve"), cell: (key) => `${key.curve}${key.curve === "SM2" ? t("curve_kept") : ""}` },
          { key: "thumbprint", title: t("thumbprint"), cell: (key) => <code className="hash">{key.thumbprint}</code> },
          { key: "period", title: t("period"), cell: (key) => `${moment(key.not_before)} – ${isOver(key) ? t("key_over") : day(key.not_after)}` },
          {
            key: "actions",
            title: t("actions"),
            cell: (key) =>
              may && !isOver(key) ? (
                <Button size="small" danger aria-label={`${t("key_retire")} ${key.kid}`} onClick={() => setRetiring(key)}>
                  {t("key_retire")}
                </Button>
              ) : null,
          },
        ]}
      />
      {adding ? <SystemKeyForm system={system} close={() => setAdding(false)} /> : null}
      {retiring ? (
        <ActDialog title={`${t("key_retire")} · ${retiring.kid}`} text={t("key_retire_text")} confirm={t("key_retire")} danger act={() => systemKeyRetire(system.id, retiring.kid)} close={() => setRetiring(null)} />
      ) : null}
    </Panel>
  );
}

function Calling({ system, may }: { system: DepartmentSystem; may: boolean }) {
  const { t } = useTranslation("systems");
  const [addresses, setAddresses] = useState(system.addresses.join("\n"));
  const [signed, setSigned] = useState(system.signature_required);
  const [saved, setSaved] = useState(false);
  const listed = addresses.split(/[\s,;，；]+/).filter((text) => text !== "");
  const save = useWrite(
    () => systemCallingSet(system.id, { addresses: listed, signature_required: signed }),
    () => setSaved(true),
  );
  const change = (set: () => void) => {
    setSaved(false);
    set();
  };
  return (
    <Panel title={t("calling")}>
      <div className="stack">
        <TextField label={t("addresses")} hint={t("addresses_hint")} rows={4} maxLength={4000} value={addresses} onChange={(text) => change(() => setAddresses(text))} />
        <Checkbox checked={signed} disabled={!may} onChange={(event) => change(() => setSigned(event.target.checked))}>
          {t("signature_required")}
        </Checkbox>
        <p className="muted">{t("signature_lead")}</p>
        {save.error ? <ProblemAlert error={save.error} /> : null}
        {saved ? <p role="status">{t("calling_saved")}</p> : null}
        {may ? (
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate(undefined)}>
            {t("calling_save")}
          </Button>
        ) : null}
      </div>
    </Panel>
  );
}
