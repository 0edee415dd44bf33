package dev.openmemory.backup.docker.internal.trial;

import dev.openmemory.backup.BackupException;
import dev.openmemory.backup.BackupException.Kind;
import dev.openmemory.backup.Cancellation;
import dev.openmemory.backup.Facts;
import dev.openmemory.backup.docker.internal.engine.TrialContainers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which image a trial is made with.
 *
 * @param named by a person, and then no other
 * @param pull whether one that is missing may be fetched
 */
record ImageChoice(Optional<String> named, boolean pull) {
  private static final String OPERATION = "find image";
  private static final String OFFICIAL = "qdrant/qdrant:v";

  /** The id of the image, which is among those of the engine then. */
  String find(TrialContainers containers, Facts stated, Cancellation cancellation)
      throws IOException {
    List<String> wanted = wanted(stated);
    for (String reference : wanted) {
      Optional<String> found = local(containers, reference);
      if (found.isPresent()) {
        return found.get();
      }
    }
    if (wanted.isEmpty()) {
      throw missing("", "the image of Qdrant is not recorded in the backup");
    }
    if (!pull) {
      throw missing(String.join(", ", wanted), "is not among the images of the engine");
    }
    String reference = wanted.get(0);
    containers.pull(reference, cancellation);
    return local(containers, reference)
        .orElseThrow(() -> missing(reference, "was pulled and is not there"));
  }

  /** The same name may have been pulled from another registry: the digest is what counts. */
  private static Optional<String> local(TrialContainers containers, String reference)
      throws IOException {
    int at = reference.indexOf('@');
    Optional<String> byDigest =
        at < 0 ? Optional.empty() : containers.imageOfDigest(reference.substring(at + 1));
    return byDigest.isPresent() ? byDigest : containers.image(reference);
  }

  /** In the order in which they are looked for: the very image, its version, its name. */
  private List<String> wanted(Facts stated) {
    if (named.isPresent()) {
      return List.of(named.get());
    }
    List<String> wanted = new ArrayList<>();
    Optional<String> image = stated.text("image");
    stated
        .text("imageDigest")
        .ifPresent(digest -> wanted.add(repository(image.orElse("qdrant/qdrant")) + "@" + digest));
    stated.text("qdrantVersion").ifPresent(version -> wanted.add(OFFICIAL + version));
    image.ifPresent(wanted::add);
    return wanted;
  }

  /** Without tag and digest: {@code host:5000/qdrant/qdrant}. */
  private static String repository(String image) {
    String name = image.replaceFirst("@.*", "");
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  private static BackupException missing(String image, String fact) {
    return Kind.NOT_FOUND.failure(OPERATION, image, fact);
  }
}
