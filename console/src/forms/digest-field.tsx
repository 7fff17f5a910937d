import { FileProtectOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { sha256Of } from "../pages/papers/digest";

interface DigestFieldProps {
  id: string;
  value: string;
  onChange: (digest: string | undefined) => void;
  status: "error" | undefined;
  "aria-describedby": string | undefined;
}

/** The SHA-256 of a document: computed here from the file, which is not sent; or typed where it is known already. */
export function DigestField({ id, value, onChange, status, ...aria }: DigestFieldProps) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const take = async (taken: File | undefined) => {
    if (!taken) return;
    const digest = await sha256Of(taken);
    setName(digest ? taken.name : "");
    if (digest) onChange(digest);
  };
  return (
    <div className="stack-small">
      <Input id={id} {...aria} status={status} value={value} maxLength={64} onChange={(event) => onChange(event.target.value.trim().toLowerCase() || undefined)} />
      <div className="row">
        <input ref={file} type="file" hidden onChange={(event) => void take(event.target.files?.[0])} />
        <Button icon={<FileProtectOutlined aria-hidden="true" />} onClick={() => file.current?.click()}>
          {t("digest_of_file")}
        </Button>
        {name ? <span className="muted small" role="status">{t("digest_taken", { name })}</span> : null}
      </div>
    </div>
  );
}
