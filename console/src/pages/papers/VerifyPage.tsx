import { CheckCircleFilled, CloseCircleFilled, FileSearchOutlined, WarningFilled } from "@ant-design/icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useParams } from "react-router";
import { paperVerify } from "../../api/calls";
import { problemFrom } from "../../api/problem";
import type { PaperVerification } from "../../api/types";
import { Loading } from "../../components/Loading";
import { LoneFrame } from "../../components/LoneFrame";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { moment } from "../../i18n/format";
import { Facts } from "../../ui/Facts";
import { printedDigest, sha256Of } from "./digest";

/** Is this paper genuine? For everybody; the code on a paper leads here, with its digest behind `#`. */
export function VerifyPage() {
  const { t } = useTranslation("papers");
  const { number = "" } = useParams();
  const paper = useQuery({ queryKey: ["verify-paper", number], queryFn: () => paperVerify(number), retry: false });
  return (
    <LoneFrame>
      <PageHead title={t("verify.title")} lead={t("verify.lead")} />
      {paper.isPending ? <Loading /> : null}
      {paper.data ? <Known paper={paper.data} /> : null}
      {paper.error ? <Unknown number={number} error={paper.error} /> : null}
    </LoneFrame>
  );
}

function Unknown({ number, error }: { number: string; error: unknown }) {
  const { t } = useTranslation("papers");
  if (problemFrom(error).status !== 404) return <ProblemAlert error={error} />;
  return <Verdict tone="bad" title={t("verify.unknown", { number })} text={t("verify.unknown_text")} />;
}

function Known({ paper }: { paper: PaperVerification }) {
  const { t, i18n } = useTranslation("papers");
  const { hash } = useLocation();
  const printed = printedDigest(hash, paper.digests.content_sm3);
  const texts = { good: t("verify.printed_good"), bad: t("verify.printed_bad"), none: t("verify.printed_none") };
  const tones = { good: "good", bad: "bad", none: "soon" } as const;
  const digest = (value: string) => <code className="hash">{value.match(/.{1,8}/g)?.join(" ")}</code>;
  return (
    <>
      <Verdict tone={tones[printed]} title={t("verify.genuine", { number: paper.number })} text={`${texts[printed]} ${t("verify.compare")}`} />
      <h2>{t("verify.record")}</h2>
      <Facts
        columns={1}
        facts={[
          { term: t("verify.kind"), value: i18n.language === "en" ? `${paper.title.en} · ${paper.title.zh}` : paper.title.zh },
          { term: t("verify.number"), value: <code>{paper.number}</code> },
          { term: t("verify.issuer"), value: paper.issuer_name },
          { term: t("verify.at"), value: moment(paper.issued_at) },
          { term: t("verify.content_sm3"), value: digest(paper.digests.content_sm3) },
          { term: t("verify.file_sm3"), value: digest(paper.digests.file_sm3) },
          { term: t("verify.file_sha256"), value: digest(paper.digests.file_sha256) },
          { term: t("verify.index"), value: paper.record_index },
        ]}
      />
      <FileCheck expected={paper.digests.file_sha256} />
    </>
  );
}

/** A file is compared here, in the browser; it goes nowhere. The button takes a file that is dropped on it too. */
function FileCheck({ expected }: { expected: string }) {
  const { t } = useTranslation("papers");
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const check = useMutation({ mutationFn: sha256Of });
  const take = (chosen: File | null | undefined) => {
    if (chosen) check.mutate(chosen);
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t("verify.file")}</h2>
      <p className="muted">{t("verify.file_hint")}</p>
      <input
        ref={file}
        type="file"
        hidden
        accept="application/pdf"
        aria-labelledby={id}
        onChange={(event) => take(event.target.files?.item(0))}
      />
      <p>
        <Button
          icon={<FileSearchOutlined aria-hidden="true" />}
          onClick={() => file.current?.click()}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files.item(0));
          }}
        >
          {t("verify.file_choose")}
        </Button>
      </p>
      {check.data === expected ? <Verdict tone="good" title={t("verify.file_good")} /> : null}
      {check.data && check.data !== expected ? <Verdict tone="bad" title={t("verify.file_bad")} /> : null}
      {check.data === null || check.error ? <Verdict tone="soon" title={t("verify.file_failed")} /> : null}
    </section>
  );
}

const icons: Record<"good" | "soon" | "bad", ReactNode> = {
  good: <CheckCircleFilled />,
  soon: <WarningFilled />,
  bad: <CloseCircleFilled />,
};

function Verdict({ tone, title, text }: { tone: "good" | "soon" | "bad"; title: string; text?: string }) {
  return (
    <div className={`seal seal-${tone}`} role="status">
      <p className="seal-title">
        <span aria-hidden="true">{icons[tone]}</span> {title}
      </p>
      {text ? <p>{text}</p> : null}
    </div>
  );
}
