package dev.tarn.connect.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TarnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresUrlTest {

    private static final SecretRef SECRET = new SecretRef("odoo-url");

    @Test
    void allPartsAreRead() {
        PostgresUrl url = PostgresUrl.parse(
                SECRET,
                " postgresql://tarn%5Freader:p%40ss%3A%2F+%C3%BC@db.example.com:6543/odoo%2017?sslmode=require\n");

        assertThat(url)
                .isEqualTo(new PostgresUrl(
                        SECRET, "db.example.com", 6543, "odoo 17", "tarn_reader", "p@ss:/+ü", "require"));
    }

    @Test
    void whatIsLeftOutHasPostgresOwnDefault() {
        PostgresUrl url = PostgresUrl.parse(SECRET, "postgres://me@[::1]/odoo");

        assertThat(url).isEqualTo(new PostgresUrl(SECRET, "::1", 5432, "odoo", "me", null, "prefer"));
        assertThat(url.server()).isEqualTo("[::1]:5432");
    }

    @Test
    void theTextFormHoldsNoLogin() {
        PostgresUrl url = PostgresUrl.parse(SECRET, "postgresql://somebody:hidden@db:5433/odoo");

        assertThat(url).hasToString("db:5433/odoo");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                                          | it does not begin with postgresql://
                    mysql://hidden:hidden@db/odoo               | it does not begin with postgresql://
                    db.example.com:5432                         | it does not begin with postgresql://
                    postgresql://hidden:hidden@db               | it names no database
                    postgresql://hidden:hidden@db/              | it names no database
                    postgresql://db:5432/odoo                   | it names no user
                    postgresql://:hidden@db/odoo                | it names no user
                    postgresql://hidden:hidden@/odoo            | it names no host
                    postgresql://hidden:hidden@d b/odoo         | it names no host
                    postgresql://hidden:hidden@a,b/odoo         | it names no host
                    postgresql://hidden:hidden@db:no/odoo       | its port is not a number from 1 to 65535
                    postgresql://hidden:hidden@db:65536/odoo    | its port is not a number from 1 to 65535
                    postgresql://hidden:hidden@db:/odoo         | its port is not a number from 1 to 65535
                    postgresql://hidden:hid%zzen@db/odoo         | a % in it is not followed by two hexadecimal digits
                    postgresql://hidden:hidden%4@db/odoo        | a % in it is not followed by two hexadecimal digits
                    postgresql://hidden:hidden@db/odoo?sslmode=maybe | its sslmode is not one that PostgreSQL has
                    postgresql://hidden:hidden@db/odoo?options=hidden | it has a parameter besides sslmode
                    """)
    void anythingElseIsRefusedWithoutShowingIt(String value, String reason) {
        assertRefused(value, reason);
    }

    @Test
    void tooMuchAndControlCharactersAreRefused() {
        assertRefused("postgresql://hidden@db/" + "x".repeat(4096), "it is longer than 4096 characters");
        assertRefused("postgresql://hidden@db/od\noo", "it has a line break or another control character");
    }

    private static void assertRefused(String value, String reason) {
        assertThatThrownBy(() -> PostgresUrl.parse(SECRET, value))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SECRET_INVALID))
                .hasMessage("SECRET_INVALID  The secret odoo-url is not the address of a PostgreSQL database: " + reason
                        + ".\n    Set it to postgresql://user:password@host:port/database; a special character in user or"
                        + " password is written as % and two hexadecimal digits, @ as %40.");
    }
}
