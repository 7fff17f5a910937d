import { CheckCircleFilled, CloseCircleFilled, SafetyCertificateOutlined, WarningFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { JournalEntry } from "../../api/types";
import { bodyIsCovered, verify, type Verdict } from "../../record/verify";
import { bodyText } from "./RecordEntryPage";

interface VerificationProps {
  entry: JournalEntry;
  proof: string;
  verifierKey: string;
}

/** The verification of one entry, computed here and now in this browser. */
export function Verification({ entry, proof, verifierKey }: VerificationProps) {
  const { t } = useTranslation("record");
  const verdict = useQuery({
    queryKey: ["verify", entry.index, proof, verifierKey],
    queryFn: () => verify({ entry: entry.entry, index: entry.index, leafHash: entry.leaf_hash, proof, verifierKey }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const covered = useQuery({
    queryKey: ["covered", entry.index, entry.salt],
    queryFn: () => bodyIsCovered(entry.entry, entry.salt ?? "", bodyText(entry.body)),
    enabled: Boolean(entry.salt) && entry.body !== undefined && entry.body !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!verdict.data) return <p role="status">{t("verify.running")}</p>;
  return <VerdictView verdict={verdict.data} covered={covered.data === true} />;
}

function VerdictView({ verdict, covered }: { verdict: Verdict; covered: boolean }) {
  const { t } = useTranslation("record");
  if (verdict.kind === "no_crypto") {
    return <Seal tone="soon" icon={<WarningFilled aria-hidden="true" />} title={t("verify.partial")} lines={[t("verify.no_crypto")]} />;
  }
  if (verdict.kind === "bad") {
    return <Seal tone="bad" icon={<CloseCircleFilled aria-hidden="true" />} title={t("verify.bad")} lines={[t(`verify.reason.${verdict.reason}`)]} />;
  }
  const signed = verdict.signature === "good";
  const lines = [
    t("verify.leaf"),
    t("verify.inclusion", { count: verdict.nodes, size: verdict.size }),
    signed ? t("verify.signature") : t("verify.no_ed25519"),
    ...(covered ? [t("verify.body")] : []),
  ];
  return (
    <Seal
      tone={signed ? "good" : "soon"}
      icon={signed ? <CheckCircleFilled aria-hidden="true" /> : <WarningFilled aria-hidden="true" />}
      title={signed ? t("verify.ok") : t("verify.partial")}
      lines={lines}
      foot={t("verify.here")}
    />
  );
}

interface SealProps {
  tone: "good" | "soon" | "bad";
  icon: ReactNode;
  title: string;
  lines: string[];
  foot?: string;
}

function Seal({ tone, icon, title, lines, foot }: SealProps) {
  return (
    <div className={`seal seal-${tone}`} role="status">
      <p className="seal-title">
        <span aria-hidden="true">{icon}</span> {title}
      </p>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {foot ? (
        <p className="seal-foot">
          <SafetyCertificateOutlined aria-hidden="true" /> {foot}
        </p>
      ) : null}
    </div>
  );
}
