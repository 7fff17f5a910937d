import { DownloadOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { entriesExport } from "../api/calls";
import { ProblemAlert } from "../components/ProblemAlert";
import { saveBlob } from "../ui/save";

/** What a search finds, as a workbook that comes in again. */
export function CatalogueExport({ query }: { query: Parameters<typeof entriesExport>[0] }) {
  const { t } = useTranslation("catalogue");
  const ask = useMutation({
    mutationFn: () => entriesExport(query),
    onSuccess: (blob) => saveBlob("catalogue.xlsx", blob),
  });
  return (
    <>
      <Button icon={<DownloadOutlined aria-hidden="true" />} loading={ask.isPending} onClick={() => ask.mutate()}>
        {t("import.export")}
      </Button>
      {ask.error ? <ProblemAlert error={ask.error} /> : null}
    </>
  );
}
