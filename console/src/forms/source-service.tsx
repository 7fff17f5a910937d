// What is said of an HTTP service: where it is, where the rows are, how pages follow, how to get in.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Collapse, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { ItemType, ServiceNew } from "../api/types";
import { Field } from "../ui/Field";
import { ChoiceField, NumberField, TextField } from "./fields";

const METHODS = ["get", "post"] as const;
const MODES = ["none", "offset", "page", "cursor"] as const;
const SCHEMES = ["none", "bearer", "basic", "header", "client_credentials"] as const;
const ITEM_TYPES: readonly ItemType[] = ["text", "integer", "decimal", "date", "date_time", "boolean"];
const PAGE_SIZE = 500;
const PAGE_SIZE_MAX = 10_000;

type Service = Required<ServiceNew>;
type Mode = (typeof MODES)[number];
type Scheme = (typeof SCHEMES)[number];

export const EMPTY_SERVICE: Service = { base: "", path: "", method: "get", table: "rows", rows: "", columns: [], key: [], paging: { mode: "none" }, parameters: [], login: { scheme: "none" } };

/** Whether enough is said to ask the service for a sample. */
export function isServiceFilled({ base, table }: Service): boolean {
  return /^https?:\/\/\S/u.test(base) && table.trim() !== "";
}

interface PartProps {
  service: Service;
  set: (patch: Partial<Service>) => void;
}

export function ServiceFields({ service, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  return (
    <>
      <TextField label={t("service.base")} hint={t("service.base_hint")} required value={service.base} placeholder="https://api.example" onChange={(base) => set({ base })} />
      <div className="field-grid">
        <TextField label={t("service.path")} value={service.path} maxLength={1000} placeholder="/v1/people" onChange={(path) => set({ path })} />
        <ChoiceField label={t("service.method")} list="service_method" values={METHODS} value={service.method} onChange={(method) => set({ method })} />
        <TextField label={t("service.rows")} hint={t("service.rows_hint")} value={service.rows} placeholder="/data/list" onChange={(rows) => set({ rows })} />
        <TextField label={t("service.table")} required maxLength={64} value={service.table} onChange={(table) => set({ table })} />
      </div>
      <Field label={t("service.key")} hint={t("service.key_hint")}>
        {({ status, ...control }) => <Select<string[]> {...control} status={status} className="full" mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，"]} value={service.key} onChange={(key) => set({ key })} />}
      </Field>
      <PagingFields service={service} set={set} />
      <LoginFields service={service} set={set} />
      <Collapse ghost items={[{ key: "more", label: t("service.more"), children: <MoreFields service={service} set={set} /> }]} />
    </>
  );
}

/** The parameters that each way of paging has, with names that many services use. */
function pagingOf(mode: Mode): Service["paging"] {
  switch (mode) {
    case "offset":
      return { mode, offset: "offset", limit: "limit", size: PAGE_SIZE };
    case "page":
      return { mode, page: "page", limit: "size", size: PAGE_SIZE, first: 1 };
    case "cursor":
      return { mode, cursor: "cursor", next: "/next" };
    case "none":
      return { mode };
  }
}

function PagingFields({ service: { paging }, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  const size = "size" in paging ? <NumberField label={t("service.page_size")} required max={PAGE_SIZE_MAX} value={paging.size} onChange={(next) => set({ paging: { ...paging, size: next ?? PAGE_SIZE } })} /> : null;
  return (
    <>
      <ChoiceField label={t("service.paging")} hint={t("service.paging_hint")} list="service_paging" values={MODES} value={paging.mode} onChange={(mode) => set({ paging: pagingOf(mode) })} />
      <div className="field-grid">
        {paging.mode === "offset" ? <TextField label={t("service.offset")} required value={paging.offset} onChange={(offset) => set({ paging: { ...paging, offset } })} /> : null}
        {paging.mode === "page" ? <TextField label={t("service.page")} required value={paging.page} onChange={(page) => set({ paging: { ...paging, page } })} /> : null}
        {paging.mode === "page" ? <NumberField label={t("service.first")} required min={0} max={1} value={paging.first} onChange={(first) => set({ paging: { ...paging, first: first ?? 1 } })} /> : null}
        {"limit" in paging ? <TextField label={t("service.limit")} required value={paging.limit} onChange={(limit) => set({ paging: { ...paging, limit } })} /> : null}
        {size}
        {paging.mode === "cursor" ? <TextField label={t("service.cursor")} required value={paging.cursor} onChange={(cursor) => set({ paging: { ...paging, cursor } })} /> : null}
        {paging.mode === "cursor" ? <TextField label={t("service.next")} required value={paging.next} onChange={(next) => set({ paging: { ...paging, next } })} /> : null}
      </div>
    </>
  );
}

function loginOf(scheme: Scheme): Service["login"] {
  switch (scheme) {
    case "bearer":
      return { scheme, token: "" };
    case "basic":
      return { scheme, user: "", password: "" };
    case "header":
      return { scheme, header: "", value: "" };
    case "client_credentials":
      return { scheme, token_url: "", client: "", secret: "", scope: null };
    case "none":
      return { scheme };
  }
}

function LoginFields({ service: { login }, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  return (
    <>
      <ChoiceField label={t("service.login")} list="service_login" values={SCHEMES} value={login.scheme} onChange={(scheme) => set({ login: loginOf(scheme) })} />
      <div className="field-grid">
        {login.scheme === "bearer" ? <SecretField label={t("service.token")} value={login.token} onChange={(token) => set({ login: { ...login, token } })} /> : null}
        {login.scheme === "basic" ? <TextField label={t("form.user")} required value={login.user} onChange={(user) => set({ login: { ...login, user } })} /> : null}
        {login.scheme === "basic" ? <SecretField label={t("form.password")} value={login.password} onChange={(password) => set({ login: { ...login, password } })} /> : null}
        {login.scheme === "header" ? <TextField label={t("service.header")} required value={login.header} onChange={(header) => set({ login: { ...login, header } })} /> : null}
        {login.scheme === "header" ? <SecretField label={t("service.value")} value={login.value} onChange={(value) => set({ login: { ...login, value } })} /> : null}
        {login.scheme === "client_credentials" ? (
          <>
            <TextField label={t("service.token_url")} required value={login.token_url} onChange={(token_url) => set({ login: { ...login, token_url } })} />
            <TextField label={t("service.client")} required value={login.client} onChange={(client) => set({ login: { ...login, client } })} />
            <SecretField label={t("service.secret")} value={login.secret} onChange={(secret) => set({ login: { ...login, secret } })} />
            <TextField label={t("service.scope")} value={login.scope} onChange={(scope) => set({ login: { ...login, scope: scope || null } })} />
          </>
        ) : null}
      </div>
    </>
  );
}

function SecretField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation(["sources"]);
  return (
    <Field label={label} hint={t("form.sealed")} required>
      {({ status, ...control }) => <Input.Password {...control} status={status} autoComplete="off" value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

function without<Item>(items: readonly Item[], at: number): Item[] {
  return items.filter((_, index) => index !== at);
}

function changed<Item>(items: readonly Item[], at: number, patch: Partial<Item>): Item[] {
  return items.map((item, index) => (index === at ? { ...item, ...patch } : item));
}

/** Columns where a sample does not tell them, and what the service can narrow itself. */
function MoreFields({ service: { columns, parameters }, set }: PartProps) {
  const { t } = useTranslation(["sources", "common"]);
  return (
    <div className="stack">
      <p className="muted">{t("service.columns_hint")}</p>
      {columns.map((column, at) => (
        <div className="field-grid three" key={at}>
          <TextField label={t("service.column_name")} required value={column.name} onChange={(name) => set({ columns: changed(columns, at, { name }) })} />
          <TextField label={t("service.pointer")} required value={column.pointer} onChange={(pointer) => set({ columns: changed(columns, at, { pointer }) })} />
          <ChoiceField label={t("type")} required list="item_type" values={ITEM_TYPES} value={column.item_type} onChange={(item_type) => set({ columns: changed(columns, at, { item_type }) })} />
          <Button icon={<DeleteOutlined aria-hidden="true" />} onClick={() => set({ columns: without(columns, at) })}>
            {t("service.remove")}
          </Button>
        </div>
      ))}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => set({ columns: [...columns, { name: "", pointer: "/", item_type: "text" }] })}>
        {t("service.add_column")}
      </Button>
      <p className="muted">{t("service.parameters_hint")}</p>
      {parameters.map((given, at) => (
        <div className="field-grid three" key={at}>
          <TextField label={t("service.column_name")} required value={given.column} onChange={(column) => set({ parameters: changed(parameters, at, { column }) })} />
          <TextField label={t("service.parameter")} required value={given.parameter} onChange={(parameter) => set({ parameters: changed(parameters, at, { parameter }) })} />
          <Button icon={<DeleteOutlined aria-hidden="true" />} onClick={() => set({ parameters: without(parameters, at) })}>
            {t("service.remove")}
          </Button>
        </div>
      ))}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => set({ parameters: [...parameters, { column: "", parameter: "" }] })}>
        {t("service.add_parameter")}
      </Button>
    </div>
  );
}
