package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.SecretRef;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiLoginTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            http://erp.example.com       | begins with http://, and the key would travel to erp.example.com for everybody to read | Write url: https://erp.example.com; http:// is for an Odoo on this machine.
            ftp://erp.example.com        | is not the address of a web server  | Write url: https://host.
            erp.example.com              | is not the address of a web server  | Write url: https://host.
            https://a:b@erp.example.com/ | holds more than a server and a path | Write url: https://erp.example.com, and user and key where they belong.
            https://erp.example.com/?k=1 | holds more than a server and a path | Write url: https://erp.example.com, and user and key where they belong.
            """)
    void anAddressToWhichNoKeyIsSent(URI url, String what, String mend) {
        assertThatThrownBy(() -> new ApiLogin("odoo", null, url, "o19", "tarn", new SecretRef("odoo-api-key"), "k"))
                .hasMessage("CONFIGURATION_INVALID  Source odoo: its url " + what + ".\n    " + mend);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://erp.example.com",
                "https://erp.example.com:8443/odoo/",
                "http://localhost:8069",
                "http://[::1]:8069",
                "http://127.0.0.1"
            })
    void addressesToWhichAKeyIsSent(URI url) {
        ApiLogin login = new ApiLogin("odoo", null, url, "o19", "tarn", new SecretRef("odoo-api-key"), "secret-key");
        assertThat(login).hasToString(login.server() + "/o19").asString().doesNotContain("secret-key");
        assertThat(login.at("/jsonrpc").toString()).endsWith("/jsonrpc").doesNotContain("//jsonrpc");
    }

    @Test
    void anEmptyKey() {
        assertThatThrownBy(() -> new ApiLogin(
                        "odoo",
                        null,
                        URI.create("https://erp.example.com"),
                        "o19",
                        "tarn@example.com",
                        new SecretRef("odoo-api-key"),
                        " \n"))
                .hasMessage(
                        "SECRET_INVALID  The secret odoo-api-key is not a key or password of Odoo: it is empty or has a"
                                + " line break.\n    Set it to an API key of tarn@example.com (in Odoo: My Profile, Account"
                                + " Security, New API Key).");
    }
}
