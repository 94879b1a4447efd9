package dev.tarn.engine.flow;

import dev.tarn.engine.storage.StorageCall.Operation;
import java.util.List;

/** What all events together cost. */
record Wakened(List<Instance.Wake> wakes) {

    static Wakened of(List<Instance> instances) {
        return new Wakened(instances.stream()
                .flatMap(instance -> instance.handled().stream())
                .toList());
    }

    private static boolean isUpdate(Instance.Wake wake) {
        return wake.outcome() instanceof UpdateOutcome.Completed;
    }

    private static boolean tookLease(Instance.Wake wake) {
        return wake.requests().contains(Operation.RELEASE);
    }

    private List<Instance.Wake> suppressed() {
        return wakes.stream()
                .filter(wake -> !isUpdate(wake) && !tookLease(wake))
                .toList();
    }

    private List<Instance.Wake> idle() {
        return wakes.stream().filter(wake -> !isUpdate(wake) && tookLease(wake)).toList();
    }

    int mostRequests() {
        return most(suppressed());
    }

    private static int most(List<Instance.Wake> wakes) {
        return wakes.stream().mapToInt(wake -> wake.requests().size()).max().orElse(0);
    }

    @Override
    public String toString() {
        List<Instance.Wake> suppressed = suppressed();
        return suppressed.size() + " wakes suppressed with "
                + "%.2f"
                        .formatted(suppressed.stream()
                                .mapToInt(wake -> wake.requests().size())
                                .average()
                                .orElse(0))
                + " requests each, " + mostRequests() + " at most, "
                + suppressed.stream().filter(wake -> wake.requests().isEmpty()).count() + " without any, and "
                + wakes.stream().filter(Instance.Wake::readPlan).count() + " looked which plan is deployed; "
                + idle().size() + " took the lease and found nothing any more, with " + most(idle()) + " at most";
    }
}
