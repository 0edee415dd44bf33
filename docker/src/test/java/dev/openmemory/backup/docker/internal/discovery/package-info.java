@NullMarked
package dev.openmemory.backup.docker.internal.discovery;

import org.jspecify.annotations.NullMarked;
