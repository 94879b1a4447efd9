package dev.tarn.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.IpRange;
import dev.tarn.model.Plan;
import dev.tarn.model.WebhookSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanWithRangesTest {

    @Test
    void rangesOfAddressesComeBackAsTheyWere() {
        Plan plan = PlanJsonTest.planWithWebhooks();
        WebhookSource.Endpoint anywhere = plan.webhooks().get(0).endpoints().get(1);
        WebhookSource.Endpoint here = new WebhookSource.Endpoint(
                anywhere.name(),
                anywhere.target(),
                anywhere.auth(),
                List.of(
                        IpRange.tryParse("203.0.113.0/24").orElseThrow(),
                        IpRange.tryParse("2001:db8::/32").orElseThrow()),
                anywhere.eventId(),
                anywhere.items(),
                anywhere.sameId(),
                anywhere.remember(),
                anywhere.maxBody(),
                anywhere.perMinute(),
                anywhere.headers(),
                anywhere.columns(),
                anywhere.misfit(),
                anywhere.position());
        Plan closed = new Plan(
                plan.hash(),
                plan.project(),
                plan.timezone(),
                plan.flows(),
                plan.sources(),
                plan.postgresSinks(),
                List.of(new WebhookSource(
                        "n8n", List.of(here), plan.webhooks().get(0).position())),
                plan.drops(),
                plan.operation());

        assertThat(PlanJson.read(PlanJson.write(closed))).isEqualTo(closed);
    }
}
