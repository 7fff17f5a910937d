import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";

interface CodeBlockProps {
  code: string;
  label: string;
  copyLabel: string;
  copiedLabel: string;
}

/** Text to be copied as it stands. */
export function CodeBlock({ code, label, copyLabel, copiedLabel }: CodeBlockProps) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(code).then(() => setCopied(true));
  };
  return (
    <div className="code">
      {/* A long line scrolls: the box must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{code}</code>
      </pre>
      <Button size="small" className="code-copy" icon={copied ? <CheckOutlined aria-hidden="true" /> : <CopyOutlined aria-hidden="true" />} onClick={copy}>
        <span aria-live="polite">{copied ? copiedLabel : copyLabel}</span>
      </Button>
    </div>
  );
}
