/** Signs the manifests of backups, and says which signatures are accepted. */
@NullMarked
package dev.openmemory.backup.signature;

import org.jspecify.annotations.NullMarked;
