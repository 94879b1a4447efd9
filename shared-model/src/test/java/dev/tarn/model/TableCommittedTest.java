package dev.tarn.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableCommittedTest {

    @Test
    void theFileOfACommitNamesTableAndVersion() {
        assertThat(TableCommitted.ofFile("bronze/account_move/_delta_log/00000000000000000012.json"))
                .contains(new TableCommitted(TableName.parse("bronze.account_move"), 12));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bronze/account_move/part-1.parquet",
                "bronze/account_move/_delta_log/_last_checkpoint",
                "bronze/account_move/_delta_log/00000000000000000010.checkpoint.parquet",
                "bronze/account_move/_delta_log/00000000000000000010.crc",
                "bronze/account_move/_delta_log/.00000000000000000012.json.tmp",
                "bronze/account_move/_delta_log/12.json",
                "bronze/account_move/_delta_log/99999999999999999999.json",
                "bronze/Account/_delta_log/00000000000000000012.json",
                "landing/account_move/_delta_log/00000000000000000012.json",
                "bronze/a/b/_delta_log/00000000000000000012.json",
                ""
            })
    void anyOtherFileIsNoEvent(String path) {
        assertThat(TableCommitted.ofFile(path)).isEmpty();
    }
}
