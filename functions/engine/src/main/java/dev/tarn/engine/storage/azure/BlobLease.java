package dev.tarn.engine.storage.azure;

import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.specialized.BlobLeaseClient;
import com.azure.storage.blob.specialized.BlobLeaseClientBuilder;
import dev.tarn.engine.storage.Lease;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease on an empty blob, renewed until it is closed. When its process dies it ends by itself, {@link #SECONDS} later.
 * It may also be lost while its holder thinks to have it, to a pause or a network that fails: it spares double work and
 * protects nothing.
 */
final class BlobLease implements Lease {

    static final int SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(BlobLease.class);
    private static final Set<BlobErrorCode> HELD =
            Set.of(BlobErrorCode.LEASE_ALREADY_PRESENT, BlobErrorCode.LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED);

    private final BlobLeaseClient lease;
    private final String name;
    private final ScheduledFuture<?> renewal;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private BlobLease(BlobLeaseClient lease, String name) {
        this.lease = lease;
        this.name = name;
        this.renewal = Renewals.THREAD.scheduleWithFixedDelay(this::renew, SECONDS / 3, SECONDS / 3, TimeUnit.SECONDS);
    }

    /** Puts the blob there that is to be leased, unless somebody else does. */
    interface Creation {
        void create() throws IOException;
    }

    static Optional<Lease> tryTake(BlobClient blob, Creation creation) throws IOException {
        // An id of our own: when an answer is lost, the next try takes the lease that the first one took.
        BlobLeaseClient lease = new BlobLeaseClientBuilder()
                .blobClient(blob)
                .leaseId(UUID.randomUUID().toString())
                .buildClient();
        try {
            try {
                lease.acquireLease(SECONDS);
            } catch (BlobStorageException e) {
                if (!Failures.isAbsent(e)) {
                    throw e;
                }
                creation.create();
                lease.acquireLease(SECONDS);
            }
        } catch (BlobStorageException e) {
            if (HELD.contains(Failures.code(e))) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(new BlobLease(lease, blob.getBlobName()));
    }

    private void renew() {
        try {
            lease.renewLease();
        } catch (BlobStorageException e) {
            boolean lost = e.getStatusCode() < 500 && e.getStatusCode() != 429;
            LOG.info("lease {} {}: {}", name, lost ? "is lost" : "is not renewed yet", Failures.code(e));
            if (lost) {
                renewal.cancel(false);
            }
        } catch (RuntimeException e) {
            LOG.info("lease {} is not renewed yet: {}", name, e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        renewal.cancel(false);
        try {
            lease.releaseLease();
        } catch (BlobStorageException e) {
            LOG.info("lease {} ends by itself: {}", name, Failures.code(e));
        } catch (RuntimeException e) {
            LOG.info("lease {} ends by itself: {}", name, e.getClass().getSimpleName());
        }
    }

    /** One thread for all leases of the process. */
    private static final class Renewals {
        private static final ScheduledThreadPoolExecutor THREAD = thread();

        private static ScheduledThreadPoolExecutor thread() {
            ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, renewals -> {
                Thread thread = new Thread(renewals, "tarn-leases");
                thread.setDaemon(true);
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            return executor;
        }
    }
}
