package dev.openmemory.backup.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class UriHostTest {
  @Test
  void aNameWithAnUnderscoreIsAHost() {
    for (String address : new String[] {"http://mem0_store:6333/a?b", "http://mem0_store"}) {
      assertThat(UriHost.of(URI.create(address))).contains("mem0_store");
    }
    assertThat(UriHost.of(URI.create("http://host.of-others:1"))).contains("host.of-others");
    assertThat(UriHost.of(URI.create("http://[::1]:1"))).contains("[::1]");
  }

  @Test
  void whatIsNoNameIsNoHost() {
    for (String address : new String[] {"http:/path", "mailto:x", "http://a_b:c", "http://$"}) {
      assertThat(UriHost.of(URI.create(address))).as(address).isEmpty();
    }
  }

  @Test
  void aUserIsNoPartOfTheHost() {
    for (String host : new String[] {"mem0_store:1", "host:1"}) {
      URI address = URI.create("http://me:secret@" + host);
      assertThat(UriHost.hasUser(address)).isTrue();
      assertThat(UriHost.withPort(address)).isEqualTo(host);
    }
    assertThat(UriHost.hasUser(URI.create("http://mem0_store"))).isFalse();
  }

  @Test
  void anAddressThatClientsAcceptStays() throws Exception {
    for (String address :
        new String[] {"http://host:1/a?b#c", "https://[::1]/", "unix:///run/a_b.sock"}) {
      assertThat(UriHost.connectable(URI.create(address))).hasToString(address);
    }
  }

  @Test
  void aNameWithAnUnderscoreThatIsNotKnownIsAnUnknownHost() {
    URI address = URI.create("http://mem0_store.invalid:6333");
    assertThatThrownBy(() -> UriHost.connectable(address)).isInstanceOf(UnknownHostException.class);
  }
}
