import { DeleteOutlined, DownloadOutlined, FileAddOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Radio } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FILE_FORMATS, fileDelete, fileOrder, filesList, type DeliveredFile, type FileFormat } from "../../api/files";
import type { Grant } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { ProblemAlert } from "../../components/ProblemAlert";
import { bytes, count, moment } from "../../i18n/format";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { saveText } from "../../ui/save";

const LOOK_AGAIN_MS = 2_000;

/** Files of a grant of file delivery: order one, see how far it is, fetch it with its receipt. */
export function GrantFiles({ grant }: { grant: Grant }) {
  const { t } = useTranslation("grants");
  const mayOrder = grant.allowed.includes("try");
  return (
    <Panel title={t("files.title")}>
      <p className="muted test-lead">{t("files.lead")}</p>
      {mayOrder ? <OwnFiles grant={grant} /> : <p className="muted small">{t("files.not_allowed")}</p>}
    </Panel>
  );
}

function OwnFiles({ grant }: { grant: Grant }) {
  const { t } = useTranslation("grants");
  const queries = useQueryClient();
  const key = ["files", grant.id];
  const [items, setItems] = useState(() => grant.items.map((item) => item.name));
  const [format, setFormat] = useState<FileFormat>("parquet");
  const files = useQuery({
    queryKey: key,
    queryFn: () => filesList(grant.id),
    // A file in the making changes by itself; nothing else does.
    refetchInterval: (query) => (query.state.data?.items.some((file) => file.state === "making") ? LOOK_AGAIN_MS : false),
  });
  const again = () => queries.invalidateQueries({ queryKey: key });
  const order = useMutation({ mutationFn: () => fileOrder(grant.id, grant.purpose, items, format), onSettled: again });
  const remove = useMutation({ mutationFn: (id: string) => fileDelete(grant.id, id), onSettled: again });
  return (
    <div className="stack">
      <fieldset className="field">
        <legend className="field-label">{t("test.items")}</legend>
        <Checkbox.Group value={items} onChange={(chosen) => setItems(chosen as string[])} options={grant.items.map((item) => ({ value: item.name, label: item.title || item.name }))} />
      </fieldset>
      <fieldset className="field">
        <legend className="field-label">{t("files.format")}</legend>
        <Radio.Group value={format} onChange={(event) => setFormat(event.target.value as FileFormat)} options={FILE_FORMATS.map((each) => ({ value: each, label: t(`files.formats.${each}`) }))} />
      </fieldset>
      <Button type="primary" icon={<FileAddOutlined aria-hidden="true" />} disabled={items.length === 0} loading={order.isPending} onClick={() => order.mutate()}>
        {t("files.order")}
      </Button>
      <div aria-live="polite">
        {order.error ? <ProblemAlert error={order.error} /> : null}
        {remove.error ? <ProblemAlert error={remove.error} /> : null}
        {files.isPending ? <Loading /> : null}
        {files.isError ? <Failed error={files.error} /> : null}
        {files.data ? <FilesTable files={files.data.items} purpose={grant.purpose} remove={(id) => remove.mutate(id)} /> : null}
      </div>
    </div>
  );
}

function FilesTable({ files, purpose, remove }: { files: DeliveredFile[]; purpose: string; remove: (id: string) => void }) {
  const { t } = useTranslation("grants");
  return (
    <DataTable<DeliveredFile>
      caption={t("files.table")}
      rows={files}
      rowKey={(file) => file.id}
      empty={t("files.none")}
      columns={[
        { key: "ordered", main: true, title: t("files.ordered"), cell: (file) => `${moment(file.ordered_at)} · ${t(`files.formats.${file.format}`)}` },
        { key: "state", title: t("state"), cell: (file) => <FileStanding file={file} /> },
        { key: "expires", title: t("files.expires"), cell: (file) => moment(file.expires_at) },
        {
          key: "acts",
          title: t("files.acts"),
          cell: (file) => (
            <span className="row">
              {file.download_url ? (
                <Button size="small" icon={<DownloadOutlined aria-hidden="true" />} href={local(file.download_url)} download>
                  {t("files.download")}
                </Button>
              ) : null}
              {file.receipt ? (
                <Button size="small" onClick={() => saveText(`${purpose}-${file.id}.receipt`, file.receipt ?? "")}>
                  {t("files.receipt")}
                </Button>
              ) : null}
              {file.state === "making" ? null : (
                <Button size="small" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t("files.delete")} onClick={() => remove(file.id)} />
              )}
            </span>
          ),
        },
      ]}
    />
  );
}

/** The console is where the data plane is reached: the address without its origin holds behind any proxy. */
const local = (url: string) => url.replace(/^https?:\/\/[^/]+/, "");

function FileStanding({ file }: { file: DeliveredFile }) {
  const { t, i18n } = useTranslation("grants");
  if (file.state === "making") return <>{t("files.making", { rows: count(file.rows ?? 0) })}</>;
  if (file.state === "refused") return <span className="danger">{(i18n.language === "en" ? file.title_en : file.title_zh) ?? file.code}</span>;
  return (
    <>
      {t("files.ready", { rows: count(file.rows), bytes: bytes(file.bytes ?? 0) })}
      {file.record ? <span className="muted small"> · {t("files.record", { index: file.record.index })}</span> : null}
      {file.received ? <span className="muted small"> · {t(file.received.agrees ? "files.agrees" : "files.differs")}</span> : null}
      <br />
      <code className="small digest" title={`SHA-256 ${file.sha256 ?? ""}`}>
        SM3 {file.sm3?.slice(0, 16)}…
      </code>
    </>
  );
}
