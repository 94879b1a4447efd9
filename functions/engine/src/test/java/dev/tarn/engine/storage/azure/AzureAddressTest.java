package dev.tarn.engine.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureAddressTest {

    private static final String SECRET = "c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==";

    @Test
    void anEndpointAloneIsEnteredByManagedIdentity() {
        AzureAddress address = AzureAddress.parse(" https://Tarnlake.blob.core.windows.net/ ");

        assertThat(address.endpoint()).isEqualTo(URI.create("https://tarnlake.blob.core.windows.net"));
        assertThat(address.account()).isEqualTo("tarnlake");
        assertThat(address.login()).isEqualTo(new AzureLogin.ManagedIdentity(null));
        assertThat(address.as("a-client").login()).isEqualTo(new AzureLogin.ManagedIdentity("a-client"));
    }

    @Test
    void aSignatureIsKeptApartFromTheAddress() {
        AzureAddress address =
                AzureAddress.parse("https://tarnlake.blob.core.windows.net/?sv=2025-11-05&ss=b&sig=" + SECRET);

        assertThat(address.login()).isEqualTo(new AzureLogin.Signature("sv=2025-11-05&ss=b&sig=" + SECRET));
        assertThat(address).hasToString("https://tarnlake.blob.core.windows.net");
        assertThat(address.login()).hasToString("shared access signature");
    }

    @Test
    void aConnectionStringGivesKeyOrSignature() {
        AzureAddress key = AzureAddress.parse("DefaultEndpointsProtocol=https;AccountName=tarnlake;AccountKey=" + SECRET
                + ";EndpointSuffix=core.windows.net");
        AzureAddress signature = AzureAddress.parse(
                "BlobEndpoint=https://tarnlake.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=" + SECRET);
        AzureAddress local = AzureAddress.parse("AccountName=lake1;AccountKey=" + SECRET
                + ";BlobEndpoint=http://127.0.0.1:10000/lake1;DefaultEndpointsProtocol=http");

        assertThat(key.endpoint()).isEqualTo(URI.create("https://tarnlake.blob.core.windows.net"));
        assertThat(key.login()).isEqualTo(new AzureLogin.SharedKey("tarnlake", SECRET));
        assertThat(key.login()).hasToString("shared key");
        assertThat(signature.login()).isEqualTo(new AzureLogin.Signature("sv=1&sig=" + SECRET));
        assertThat(local.endpoint()).isEqualTo(URI.create("http://127.0.0.1:10000/lake1"));
        assertThat(local.account()).isEqualTo("lake1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://tarnlake.blob.core.windows.net/?sv=1&sig=SECRET | it is not https, which only a service of this"
                        + " machine may do without",
                "https://tarnlake.blob.core.windows.net/bronze?sv=1&sig=SECRET | it goes on behind the account; a lake"
                        + " has a container for each layer",
                "https://user:SECRET@tarnlake.blob.core.windows.net | it is not a URL of a host alone",
                "https://tarnlake.blob.core.windows.net/?code=SECRET | what follows its question mark is no shared"
                        + " access signature",
                "https://tarn lake/?sig=SECRET | it is not a URL",
                "SECRET | it is not a URL of a host alone",
                "AccountName=tarnlake;AccountKey= | its connection string has neither AccountKey with AccountName nor"
                        + " SharedAccessSignature",
                "UseDevelopmentStorage=true;AccountKey=SECRET | its connection string names neither AccountName nor"
                        + " BlobEndpoint",
            })
    void anAddressThatIsNoneIsRefusedWithoutRepeatingIt(String text, String why) {
        assertThatThrownBy(() -> AzureAddress.parse(text.replace("SECRET", SECRET)))
                .isInstanceOf(TarnException.class)
                .hasMessage("CONFIGURATION_INVALID  The address of the lake is not one of a storage account: " + why
                        + ".\n    Give https://<account>.blob.core.windows.net, with a shared access signature or none,"
                        + " or the account's connection string.")
                .hasNoCause();
    }
}
