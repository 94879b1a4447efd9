package dev.tarn.local.run;

import dev.tarn.connect.extract.DatabaseExtract;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.odoo.api.ApiAccess;
import dev.tarn.connect.odoo.api.ApiExtract;
import dev.tarn.connect.odoo.api.Patience;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.lake.Lake;
import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.project.Secrets;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the database of a source is: what its secret says, or else the demo Odoo of a {@code tarn up} that runs. */
public final class SourceAddress {

    private SourceAddress() {}

    /**
     * The address; empty when the secret is not set and no demo runs.
     *
     * @param root folder of the lake
     * @throws TarnException SECRET_INVALID
     */
    public static Optional<PostgresUrl> find(TableSource source, Secrets secrets, Path root) {
        return secrets.find(source.connection().secret())
                .or(() -> DemoDatabases.runningOdooUrl(root.resolve(Doors.DEMO_FOLDER)))
                .map(url -> PostgresUrl.parse(source.connection().secret(), url));
    }

    /** The address. Throws {@link TarnException}, SECRET_MISSING and as {@link #find}. */
    public static PostgresUrl require(TableSource source, Secrets secrets, Path root, String target) {
        return find(source, secrets, root)
                .orElseGet(() -> PostgresUrl.parse(
                        source.connection().secret(),
                        secrets.require(source.connection().secret(), source.position(), target)));
    }

    /** What reads the source into the lake, by its database or its API. Throws {@link TarnException} as {@link #require}. */
    public static Extraction extraction(Lake lake, TableSource source, Secrets secrets, Path root, String target) {
        return source.connection() instanceof SourceConnection.OdooApi api
                ? byApi(lake, source, api, secrets, target)
                : new DatabaseExtract(lake, source, require(source, secrets, root, target));
    }

    static Extraction byApi(
            Lake lake, TableSource source, SourceConnection.OdooApi api, Secrets secrets, String target) {
        return new ApiExtract(lake, access(source, api, secrets, target, Patience.usual(lake.clock())));
    }

    /** How a source is read through its API. Throws {@link TarnException}, SECRET_MISSING. */
    public static ApiAccess access(
            TableSource source, SourceConnection.OdooApi api, Secrets secrets, String target, Patience patience) {
        return new ApiAccess(source, api, secrets.require(api.secret(), source.position(), target), patience);
    }
}
