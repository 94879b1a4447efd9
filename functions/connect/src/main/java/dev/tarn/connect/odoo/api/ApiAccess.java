package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;

/** How a source is read through Odoo's API: what the project says of it, and the key. Its text form leaves the key out. */
public final class ApiAccess {

    private final TableSource source;
    private final SourceConnection.OdooApi connection;
    private final ApiLogin login;
    private final Patience patience;

    /**
     * Connects to nothing yet.
     *
     * @param connection the source's own
     * @param key of the user, an API key or the password
     * @throws dev.tarn.model.TarnException as {@link ApiLogin}
     */
    public ApiAccess(TableSource source, SourceConnection.OdooApi connection, String key, Patience patience) {
        this.source = requireNonNull(source, "source");
        this.connection = requireNonNull(connection, "connection");
        this.patience = requireNonNull(patience, "patience");
        this.login = new ApiLogin(
                source.name(),
                source.position(),
                connection.url(),
                connection.database(),
                connection.user(),
                connection.secret(),
                key);
    }

    TableSource source() {
        return source;
    }

    String user() {
        return connection.user();
    }

    /**
     * Logs in, and checks version, language and companies.
     *
     * @throws dev.tarn.model.TarnException as {@link OdooApi#connect} and {@link OdooRecords#open}
     */
    OdooRecords open() {
        OdooApi api = OdooApi.connect(login, patience);
        api.version().require(connection.version(), api.refusals(), login);
        return OdooRecords.open(api, connection.language(), connection.companies());
    }

    /** {@code o19 (19.0) by JSON-2 as tarn@example.com, 2 companies}. */
    String info(OdooRecords records) {
        OdooApi api = records.api();
        int companies = records.companies().size();
        return connection.database() + " (" + api.version().text() + ") by " + api.protocol() + " as "
                + connection.user() + ", " + companies + (companies == 1 ? " company" : " companies");
    }

    @Override
    public String toString() {
        return login.toString();
    }
}
